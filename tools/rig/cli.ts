/** `npm run rig -- <command>`: the rig from the command line. */
import { rmSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { megabytes, seconds, setting } from "./arguments.ts";
import { exitWithVerdict } from "./main.ts";
import { cachePath } from "./paths.ts";
import { qemuVersion } from "./qemu.ts";
import { Rig } from "./rig.ts";
import { runAsGuest, runBare } from "./session.ts";
import { attachTerminal } from "./terminal.ts";
import type { Verdict } from "./verdict.ts";
import type { XlValue } from "./xl-config.ts";

interface RunOptions {
  readonly memory: number;
  readonly extra: string;
  readonly timeout?: number;
  readonly config?: Readonly<Record<string, XlValue>>;
}

const program = new Command("npm run rig --")
  .enablePositionalOptions()
  .description("Xen with a Linux dom0 in QEMU, from Debian packages.");

program
  .command("exec")
  .description("run a command in dom0 and pass on its output and exit status")
  .argument("<command...>")
  .option("--timeout <s>", "kill it after this time", seconds, 60_000)
  .passThroughOptions()
  .action((words: string[], { timeout }: { timeout: number }) => exitWithVerdict(() => exec(words, timeout)));

program
  .command("shell")
  .description("a shell in dom0; `exit` or Ctrl-] ends it, and the rig with it")
  .action(() => exitWithVerdict(shell));

for (const [name, run, description] of [
  ["run", runAsGuest, "create a guest from a kernel with xl, its console on this terminal"],
  ["bare", runBare, "let Xen boot a kernel as its first domain, its console on this terminal"],
] as const) {
  const command = program
    .command(name)
    .description(description)
    .argument("<elf>", "the kernel")
    .option("-m, --memory <MB>", "the domain's memory", megabytes, 32)
    .option("--extra <text>", "the kernel's command line", "")
    .option("--timeout <s>", "kill it after this time, and call it a failure", seconds)
    .action((elf: string, options: RunOptions) => exitWithVerdict(() => run(session(elf, options))));
  if (name === "run")
    command.option("--config <key=value>", "a further key of the xl configuration", setting, {});
}

program
  .command("log")
  .description("what Xen and dom0's kernel said while they booted")
  .action(() => exitWithVerdict(log));

program
  .command("rebuild")
  .description("make the dom0 image and its saved state anew, to be used when they seem broken")
  .option("--packages", "fetch the Debian packages again as well, which may bring newer versions")
  .action((options: { packages?: true }) => exitWithVerdict(() => rebuild(options.packages === true)));

await program.parseAsync();

function session(
  elf: string,
  { memory, extra, timeout, config }: RunOptions,
): Parameters<typeof runAsGuest>[0] {
  return {
    kernel: elf,
    name: basename(elf)
      .replace(/\.[^.]*$/, "")
      .replace(/[^A-Za-z0-9._-]/g, "-"),
    memoryMb: memory,
    extra,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(config === undefined ? {} : { config }),
  };
}

async function exec(words: readonly string[], timeoutMs: number): Promise<number> {
  await using rig = await Rig.start();
  const result = await rig.exec(words.length === 1 ? words.join("") : words, { timeoutMs });
  process.stdout.write(result.stdout);
  process.stderr.write(result.stderr);
  if (result.timedOut) console.error(`killed after ${timeoutMs / 1000} s`);
  return result.status;
}

async function shell(): Promise<Verdict> {
  await using rig = await Rig.start();
  // Through a terminal of its own, so that line editing and Ctrl-C work as usual.
  const command = process.stdin.isTTY
    ? ["python3", "-ISc", "import pty; pty.spawn(['/bin/sh', '-l'])"]
    : ["/bin/sh"];
  const work = rig.link.spawn(command, {
    onStdout: (bytes) => process.stdout.write(bytes),
    onStderr: (bytes) => process.stderr.write(bytes),
  });
  process.stdin.once("end", () => work.finish());
  await attachTerminal({ write: (bytes) => work.write(bytes), ended: work.end });
  return "success";
}

async function log(): Promise<Verdict> {
  await using rig = await Rig.start();
  process.stdout.write(rig.xenLog());
  return "success";
}

async function rebuild(packages: boolean): Promise<Verdict> {
  for (const part of ["snapshots", "boot", ...(packages ? ["packages"] : [])]) {
    rmSync(cachePath(part), { recursive: true, force: true });
  }
  await using rig = await Rig.start();
  const { stdout } = await rig.exec("xl info");
  const version = /^xen_version\s*: (.*)$/m.exec(stdout)?.[1];
  const release = /^release\s*: (.*)$/m.exec(stdout)?.[1];
  console.error(`rig: ready: Xen ${version}, dom0 Linux ${release}, ${qemuVersion()}`);
  return "success";
}
