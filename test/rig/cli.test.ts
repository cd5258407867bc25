/** The rig's command line: exit codes that say whose fault it was, and nothing left behind. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { bootFiles } from "../../tools/rig/boot-files.ts";
import { exitCodes } from "../../tools/rig/verdict.ts";
import { terminalReporter } from "../../tools/setup/progress.ts";
import { runScript, type Run } from "./command-line.ts";

let linux: string;
test.before(async (t) => {
  t.timeout(900_000);
  linux = join((await bootFiles(terminalReporter())).directory, "vmlinux");
});

function rig(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const run = runScript("tools/rig/cli.ts", args, env);
  run.process.stdin?.end();
  return run;
}

/** The programs that still run and carry the mark. */
function survivors(mark: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOrEmpty(`/proc/${pid}/environ`).includes(mark))
    .map((pid) => readOrEmpty(`/proc/${pid}/comm`).trim());
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

test("exec passes on output and exit status", async (t) => {
  const run = rig(["exec", "echo hello; exit 7"]);
  t.is(await run.status, 7);
  t.is(run.output, "hello\n");
});

test("without QEMU the verdict is environment, with what to do", async (t) => {
  const run = rig(["exec", "true"], { PATH: "/nowhere" });
  t.is(await run.status, exitCodes.environment);
  t.regex(run.output, /environment: qemu-system-x86_64 is not installed\n\s+what to do: apt-get install/);
});

test("an image that Xen refuses is a failure, in either way of running it", async (t) => {
  const image = join(mkdtempSync(join(tmpdir(), "image-")), "nonsense");
  writeFileSync(image, Buffer.alloc(100_000, "nonsense"));
  const bare = rig(["bare", image]);
  const guest = rig(["run", image]);
  t.is(await bare.status, exitCodes.failure);
  t.is(await guest.status, exitCodes.failure);
  t.regex(guest.output, /xl create refused nonsense[^]*no loader found/);
});

test("a guest that crashes is a crash, and its console is on the terminal", async (t) => {
  // Without a root file system Linux panics.
  const run = rig(["run", linux, "--memory", "160", "--extra", "console=hvc0"]);
  t.is(await run.status, exitCodes.crash);
  t.regex(run.output, /Kernel panic - not syncing: VFS/);
  t.regex(run.output, /vmlinux ended: crash/);
});

test("a guest that does not end in its time is a failure", async (t) => {
  const run = rig(["bare", linux, "--memory", "256", "--timeout", "0.5"]);
  t.is(await run.status, exitCodes.failure);
  t.regex(run.output, /vmlinux ended: timeout/);
});

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`${signal} leaves no QEMU behind`, async (t) => {
    const run = rig(["exec", "echo started; sleep 100"]);
    while (!survivors(run.mark).some((name) => name.startsWith("qemu"))) await sleep(50);
    run.process.kill(signal);
    const status = await run.status;
    t.is(status, signal === "SIGTERM" ? 128 + 15 : null);
    for (let wait = 0; survivors(run.mark).length > 0 && wait < 40; wait++) await sleep(50);
    t.deepEqual(survivors(run.mark), []);
  });
}
