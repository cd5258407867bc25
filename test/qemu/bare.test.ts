/** The kernel as Xen's first domain: no toolstack, Xen's own console. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "ava";

import { bootBare, startBare, type BareResult } from "../../tools/rig/bare.ts";
import { projectRoot } from "../../tools/rig/paths.ts";
import { silent } from "../../tools/setup/progress.ts";
import { kernelImages, literally, marked, type KernelImages } from "./kernel.ts";
import { assertReport, defects } from "./reports.ts";

let kernel: KernelImages;
test.before(async (t) => {
  t.timeout(900_000);
  kernel = await kernelImages();
});

async function boot(commandLine: string, memoryMb = 64): Promise<BareResult> {
  return bootBare({ kernel: kernel.elf, commandLine, memoryMb, timeoutMs: 60_000, report: silent });
}

/** What the kernel said: Xen's own lines left out. */
const said = (serial: string): string =>
  serial
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("(XEN)"))
    .join("\n");

test.serial("the banner tells the truth about Xen and the domain", async (t) => {
  const { serial, reason } = await boot("test=halt", 48);
  const console = said(serial);
  const version = /Xen version (\d+\.\d+\.\d+)/.exec(serial)?.[1];
  t.truthy(version, serial);
  t.true(console.includes(`\nXen ${version}\n`), console);
  t.regex(console, /^xenlet 0\.1\.0, /m);
  t.regex(console, /^ {2}on \w{3} \w{3} .* with .*gcc/m);
  t.regex(console, /^ {2}features 0x[0-9a-f]{8}:.* dom0$/m);
  t.regex(console, /^domain: the first domain, privileged, ABI xen-3\.0-x86_64$/m);
  t.regex(console, /^memory: 12288 pages \(48 MB\)$/m);
  t.regex(console, /^console: Xen's own$/m);
  t.regex(console, /^command line: test=halt$/m);
  t.is(reason, "poweroff");
});

for (const defect of defects) {
  test.serial(
    `test=${defect.name} is reported with its cause, registers and place, and crashes the domain`,
    async (t) => {
      const { serial, reason } = await boot(`test=${defect.name}`);
      assertReport(t, defect, said(serial));
      t.is(reason, "crash");
    },
  );
}

test.serial("a word that nobody knows is reported, and the kernel goes on", async (t) => {
  const { serial, reason } = await boot('nonsense key="a b" test=halt');
  const console = said(serial);
  t.regex(console, /^warning: command line: nobody knows nonsense$/m);
  t.regex(console, /^warning: command line: nobody knows key=a b$/m);
  t.notRegex(console, /nobody knows test=halt/);
  t.is(reason, "poweroff");
});

test.serial("loglevel= says which lines are shown", async (t) => {
  const { serial } = await boot("loglevel=error nonsense test=panic");
  t.notRegex(said(serial), /nobody knows|xenlet 0\.1\.0/);
  t.regex(said(serial), /^panic: on purpose/m);
});

test.serial("a fault inside the report ends the domain instead of looping", async (t) => {
  const { serial, reason } = await boot("test=nested");
  const console = said(serial);
  t.regex(console, /^panic: with a log that faults$/m);
  t.regex(console, /^page fault at [0-9a-f]{16}, inside the report above$/m);
  t.is(console.match(/inside the report/g)?.length, 1);
  const rest = console.slice(console.indexOf("inside the report")); // goes to the places of the log that still work
  t.regex(rest, /^registers \(kernel\)$[^]*^backtrace$[^]*^ {2}at failInsideReport /m);
  t.is(reason, "crash");
});

test.serial("a trap handler can be replaced, and decides where the kernel goes on", async (t) => {
  const { serial, reason } = await boot("test=handler");
  t.regex(said(serial), /^the handler went elsewhere$/m);
  t.is(reason, "poweroff");
});

test.serial("what gcc makes of the same kernel boots and reports as well", async (t) => {
  const elf = join(projectRoot, "build/test-kernel/gcc.elf");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import=tsx", "compiler/cli.ts", "build", "--cc", "gcc", "kernel/selftest/main.ts", "-o", elf],
    { cwd: projectRoot, encoding: "utf8" },
  );
  t.is(status, 0, stderr);
  const { serial, reason } = await bootBare({
    kernel: elf,
    commandLine: "test=bounds",
    timeoutMs: 60_000,
    report: silent,
  });
  t.regex(said(serial), /^ {2}compiled by GCC /m);
  t.regex(said(serial), new RegExp(`^ {2}at readBeyondEnd \\(${literally(marked("bounds"))}\\)$`, "m"));
  t.is(reason, "crash");
});

test.serial("the monitor takes edited lines from Xen's console", async (t) => {
  let output = "";
  let wake = (): void => {};
  const guest = await startBare({
    kernel: kernel.elf,
    memoryMb: 64,
    timeoutMs: 60_000,
    report: silent,
    onOutput: (text) => {
      output += text;
      wake();
    },
  });
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(output)) await new Promise<void>((resolve) => (wake = resolve));
  };
  await until(/^> $/m);
  guest.write("hex\x7flp\r"); // one character too many, taken back
  await until(/^halt +ends well/m);
  guest.write("halt\r");
  t.is((await guest.end).reason, "poweroff", output);
});
