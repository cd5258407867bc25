/** `npm start`, as somebody types it who has just cloned the project. */
import test from "ava";
import { exitCodes } from "../../tools/rig/verdict.ts";
import { runScript, says } from "./command-line.ts";

const start = "tools/start.ts";

test("the guest of npm start answers at its prompt, reaches dom0, and owns a disk", async (t) => {
  t.timeout(900_000); // the kernel may have to be built, and the rig to be made
  const run = runScript(start, []);
  await says(run, /eth0: connected/);
  await says(run, /xvda: connected/);
  for (const [command, answer] of [
    ["ping 169.254.1.0 2", /2 sent, 2 answered/],
    ["dd pattern xvda 64", /64 sectors/],
    ["disk-verify xvda 64", /64 sectors/],
  ] as const) {
    const before = run.output.length;
    run.process.stdin?.write(`${command}\n`);
    await says(run, answer, before);
  }
  run.process.stdin?.write("halt\n");
  t.is(await run.status, exitCodes.success);
  t.regex(run.output, /xenlet ended: poweroff/);
});

test("npm start -- --no-devices gives it none", async (t) => {
  t.timeout(900_000);
  const run = runScript(start, ["--no-devices"]);
  run.process.stdin?.end("devices\nhalt\n");
  t.is(await run.status, exitCodes.success);
  t.regex(run.output, /^0 devices;/m);
});
