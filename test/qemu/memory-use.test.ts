/** Memory that runs out, that has holes, and that lies above 4 GiB. `npm run soak` adds the last, which takes as much of this machine. */
import test, { type ExecutionContext } from "ava";

import { bootBare, type BareResult } from "../../tools/rig/bare.ts";
import { silent } from "../../tools/setup/progress.ts";
import { image, kernel, rig, shareRig } from "./shared-rig.ts";

shareRig();

async function boot(commandLine: string, memoryMb: number): Promise<BareResult> {
  return bootBare({ kernel: kernel.elf, commandLine, memoryMb, timeoutMs: 120_000, report: silent });
}

/** What the kernel must say of memory that was all taken. */
const allTaken =
  /all memory is opened: \d+ pages, \d+ free, 612 holes\s[^]*heap: out of memory: [^]*everything was taken, used, refused and given back/;

test.serial(
  "every frame, piece and stack can be had, the next one is refused, and all come back",
  async (t) => {
    const { serial, reason } = await boot("test=memory count=1000000", 32);
    t.regex(serial, allTaken);
    t.regex(serial, /frames: out of memory: [^]*frames: \d+ taken, the highest is 8191\s/);
    t.regex(serial, /stacks: out of memory: /);
    t.is(reason, "poweroff", serial);
  },
);

test.serial("the same in xl's guest", async (t) => {
  const extra = "test=memory count=1000000";
  await using guest = await rig.create({ name: "memory", kernel: image, memoryMb: 24, extra });
  await guest.expectEnd("poweroff");
  t.regex(guest.console.text, allTaken);
});

/** What a boot said of requests that were refused, and whether it ended there. */
function refusals(text: string): { readonly lines: readonly string[]; readonly panicked: boolean } {
  const found = [...text.replaceAll("\r", "").matchAll(/^(panic|error|warning): .*out of memory.*$/gm)];
  return { lines: found.map(([line]) => line), panicked: found.some(([, kind]) => kind === "panic") };
}

/** Every number of requests that succeed where there is time for it, some otherwise. */
function step(sparse: number): number {
  return process.env["XENLET_SOAK"] === "1" ? 1 : sparse;
}

for (const { what, first, sparse } of [
  { what: "frames", first: 3, sparse: 10 },
  { what: "heap", first: 3, sparse: 1 },
]) {
  test.serial(`a boot that runs out of memory at any allocation says so, or goes on: ${what}`, async (t) => {
    t.timeout(600_000);
    for (let count = 0; ; count += count < first ? 1 : step(sparse)) {
      const { serial, reason } = await boot(`test=halt ${what}=${count}`, 32);
      const { lines, panicked } = refusals(serial);
      t.log(`${what}=${count}: ${lines.join("; ") || "enough"}`);
      t.is(reason, panicked ? "crash" : "poweroff", serial);
      if (lines.length > 0) continue;
      t.true(count > 0, "no allocation of the boot was refused");
      break;
    }
  });
}

/** The tasks of services, and what is said where there is none. */
const services = {
  xenwatch: /^error: xenstore: /m,
  control: /^error: (?:control|xenstore): /m,
  balloon: /^error: (?:balloon|xenstore): /m,
  xenbus: /^error: (?:xenbus|xenstore): /m,
  network: /^error: net: /m,
};

/** What a guest is refused with `extra` on its command line: it ends with the reason, or names what it does without. */
async function refusedGuest(t: ExecutionContext, extra: string): Promise<readonly string[]> {
  await using guest = await rig.create({ name: "refused", kernel: image, memoryMb: 32, extra });
  await guest.console.waitFor(/^> $|^panic: .*\r/m);
  const { lines, panicked } = refusals(guest.console.text);
  t.log(`${extra}: ${lines.join("; ") || "enough"}`);
  if (panicked) {
    t.is((await guest.wait()).reason, "crash");
    return lines;
  }
  guest.console.write("tasks\n");
  await guest.console.waitFor(/ {2}idle: ran/);
  const said = guest.console.text.replaceAll("\r", "");
  for (const [name, refused] of Object.entries(services)) {
    if (!said.includes(`  ${name}: `)) t.regex(said, refused);
  }
  return lines;
}

test.serial("a guest without memory for devices says so, and goes on without them", async (t) => {
  t.timeout(60_000);
  const lines = await refusedGuest(t, "heap=0");
  t.deepEqual(lines, ["error: xenbus: no devices: out of memory: every frame of the domain is in use"]);
});

test.serial(
  "a guest with few frames has its first task, and goes on without what it has none for",
  async (t) => {
    t.timeout(900_000);
    let alive = false;
    for (let count = 2; ; count += step(6)) {
      const lines = await refusedGuest(t, `frames=${count}`);
      if (lines.length === 0) break;
      const panicked = lines.some((line) => line.startsWith("panic:"));
      t.false(panicked && alive, `a guest with fewer frames than ${count} went on`);
      if (panicked) t.regex(lines.at(-1) ?? "", /^panic: cannot make the first task: out of memory: /);
      else alive = true;
    }
    t.true(alive, "services are done without before the first task is");
  },
);

test.serial("idle time opens memory, so that a burst of allocations does not wait for Xen", async (t) => {
  const { serial } = await boot("test=memory-ahead", 64);
  const said = /memory: (\d+) pages free, then (\d+); a burst of 1500 took 0 hypercalls/.exec(serial);
  t.true(Number(said?.[1]) < 1500 && Number(said?.[2]) >= 2048, serial);
});

(process.env["XENLET_SOAK"] === "1" ? test.serial : test.serial.skip)(
  "memory above 4 GiB is used like any other",
  async (t) => {
    t.timeout(300_000);
    const { serial, reason } = await boot("test=memory count=20000", 5200);
    t.regex(serial, /frames: 20000 taken, the highest is 1331199\s/);
    t.regex(serial, /everything was taken, used, refused and given back/);
    t.is(reason, "poweroff", serial);
  },
);
