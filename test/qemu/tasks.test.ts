/** Tasks and timers on real Xen: the kernel's own exercises, and what dom0 does to a domain's time. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";

import { bootBare, startBare } from "../../tools/rig/bare.ts";
import { silent } from "../../tools/setup/progress.ts";
import { image, kernel, rig, shareRig } from "./shared-rig.ts";

shareRig();

const exercises = [
  { words: "test=tasks", name: "tasks", says: /^1000 tasks: made in \d+ ns each/m },
  {
    words: "test=fpu",
    name: "fpu",
    // 10.0 and 20.0: neither task saw the other's registers. A load for each turn, and for each sum.
    says: /^fpu: tasks have 0x41200000 and 0x41a00000; 22 loads, 22 hypercalls$/m,
  },
  { words: "test=timer", name: "timer", says: /^1000 time limits set and lifted: [012] hypercalls$/m },
];

for (const { words, name, says } of exercises) {
  test.serial(`${words} succeeds as first domain`, async (t) => {
    const { serial, reason } = await bootBare({
      kernel: kernel.elf,
      commandLine: words,
      memoryMb: 64,
      timeoutMs: 60_000,
      report: silent,
    });
    const said = serial.replaceAll("\r", "");
    t.regex(said, says);
    t.regex(said, new RegExp(`^self-test ${name}: success$`, "m"));
    t.is(reason, "poweroff");
  });

  test.serial(`${words} succeeds as xl's guest`, async (t) => {
    await using guest = await rig.create({
      name: `exercise-${name}`,
      kernel: image,
      memoryMb: 32,
      extra: words,
    });
    await guest.expectEnd("poweroff");
    const said = guest.console.text.replaceAll("\r", "");
    t.regex(said, says);
    t.regex(said, new RegExp(`^self-test ${name}: success$`, "m"));
  });
}

/** What the kernel says as first domain until `last` is there; the machine is stopped then. */
async function bareUntil(commandLine: string, last: RegExp): Promise<string> {
  let said = "";
  let seen = (): void => {};
  const found = new Promise<void>((resolve) => (seen = resolve));
  const machine = await startBare({
    kernel: kernel.elf,
    commandLine,
    memoryMb: 64,
    timeoutMs: 30_000,
    report: silent,
    onOutput: (text) => {
      said += text;
      if (last.test(said)) seen();
    },
  });
  await Promise.race([found, machine.end]);
  await machine.kill();
  return said.replaceAll("\r", "");
}

test.serial("tasks that wait for each other's mutexes are reported with the whole chain", async (t) => {
  const said = await bareUntil("test=deadlock", /at start_context /);
  t.regex(said, /^diner c wants fork a, and would wait for itself:$/m);
  t.regex(said, /^ {2}diner a waits for fork b\n {2}diner b waits for fork c$/m);
  t.regex(said, /^panic: deadlock: diner c can never have fork a$/m);
  t.regex(said, /^ {2}at Diner.run \(kernel\/selftest\/task-defects.ts:\d+\)$/m);
});

const stuck =
  /^error: 2 tasks wait for each other, and no timer or event will end that\nerror: {3}waiter waits in semaphore\nerror: {3}session waits in join$/m;

test.serial(
  "when everybody waits for what nobody gives, that is said once, with who waits where",
  async (t) => {
    const said = await bareUntil("test=stuck", /session waits in join/);
    t.regex(said, stuck);
  },
);

test.serial("services that could still hear from dom0 do not hide it", async (t) => {
  await using guest = await rig.create({ name: "stuck", kernel: image, memoryMb: 32, extra: "test=stuck" });
  await guest.console.waitFor(/session waits in join/);
  t.regex(guest.console.text.replaceAll("\r", ""), stuck);
});

test.serial("a task that keeps the CPU is reported once, with where it is, and goes on", async (t) => {
  const said = await bareUntil("test=hog", /self-test hog: success/);
  t.is(said.split("without letting others run").length, 2, said);
  t.regex(
    said,
    /^warning: task hog has run for \d+ ms without letting others run\n( {2}at .*\n)* {2}at Hog.run /m,
  );
  t.regex(said, /^self-test hog: success$/m);
});

test.serial("the monitor shows what time went to which task, and what Xen kept for others", async (t) => {
  await using guest = await rig.create({ name: "shares", kernel: image, memoryMb: 32 });
  await guest.console.waitFor(/^> $/m);
  guest.console.write("tasks\n");
  await guest.console.waitFor(/vCPU 0: had a CPU for \d+ ms, wanted one for \d+ ms, waited for \d+ ms/);
  const shares = [...guest.console.text.matchAll(/ran \d+ times, \d+ ms, (\d+) %/g)].map(([, share]) =>
    Number(share),
  );
  t.true(shares.length >= 2, guest.console.text);
  const sum = shares.reduce((total, share) => total + share, 0);
  t.true(sum > 80 && sum <= 100, `${shares.join(" + ")} %`);
});

/** What `test=clock` has shown: the two clocks, in milliseconds and seconds. */
function shown(text: string): readonly { readonly monotonic: number; readonly wall: number }[] {
  return [...text.matchAll(/^clock: (\d+) ms since Xen booted, (\d+) s since 1970/gm)].map(([, ms, s]) => ({
    monotonic: Number(ms),
    wall: Number(s),
  }));
}

test.serial("a paused domain's clocks go on, and its sleeps end when it runs again", async (t) => {
  await using guest = await rig.create({ name: "paused", kernel: image, memoryMb: 32, extra: "test=clock" });
  await guest.console.waitFor(/clock: [^]*clock: /);
  await rig.exec(["xl", "pause", "paused"]);
  await sleep(500); // what it said before arrives
  const before = shown(guest.console.text).at(-1);
  await sleep(2000);
  t.deepEqual(shown(guest.console.text).at(-1), before, "a paused domain says nothing");
  await rig.exec(["xl", "unpause", "paused"]);
  await sleep(1000);
  const all = shown(guest.console.text);
  const after = all.at(-1);
  t.true(before !== undefined && after !== undefined && after.monotonic - before.monotonic >= 2000);
  const steps = all.slice(1).map((one, index) => one.monotonic - (all[index]?.monotonic ?? 0));
  t.true(
    steps.every((step) => step >= 0),
    "time never goes back",
  );
  t.true(Math.max(...steps) >= 2000, "the pause shows");
});

test.serial("a step of dom0's date shows in the wall clock at once, and moves no deadline", async (t) => {
  await using guest = await rig.create({ name: "stepped", kernel: image, memoryMb: 32, extra: "test=clock" });
  await guest.console.waitFor(/clock: [^]*clock: /);
  const hour = 3600;
  const seconds = Number((await rig.exec(["date", "+%s"])).stdout.trim());
  await rig.exec(["date", "-s", `@${seconds + hour}`]);
  await sleep(1500);
  await rig.exec(["date", "-s", `@${seconds + 2}`]);
  await sleep(1500);
  const all = shown(guest.console.text);
  const walls = all.slice(1).map((one, index) => one.wall - (all[index]?.wall ?? 0));
  t.true(Math.max(...walls) >= hour - 10, "the step forward shows");
  t.true(Math.min(...walls) <= -(hour - 10), "the step back shows");
  const steps = all.slice(1).map((one, index) => one.monotonic - (all[index]?.monotonic ?? 0));
  t.true(Math.min(...steps) >= 0 && Math.max(...steps) < 2000, "sleeps of 100 ms go on as before");
});
