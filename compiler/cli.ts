/** The command `xenlet`. */
import { existsSync } from "node:fs";
import path from "node:path";
import { Command, CommanderError, Option } from "commander";
import { build, type BuildOutcome } from "./build/build.ts";
import { cCompilers, type CCompiler, EmittedCError } from "./build/cc.ts";
import { ToolError } from "./build/tool.ts";
import { watchAndBuild } from "./build/watch.ts";
import { explain } from "./diagnostics/explain.ts";
import { renderDiagnostics, wantsColor } from "./diagnostics/render.ts";
import { compile, type PassName, passes } from "./driver.ts";
import type { TargetName } from "./source/program.ts";

/** What the exit status says. */
const exitCodes = {
  done: 0,
  /** The program was refused; the diagnostics say why. */
  refused: 1,
  /** The command line is wrong. */
  wrongUse: 2,
  /** A tool is missing, the C compiler refused what was emitted, or the compiler itself failed. */
  broken: 3,
} as const;

const exitHelp = `
Exit status:
  0  done
  1  the program was refused; the diagnostics say why
  2  wrong use of the command line
  3  the environment or the compiler broke: a tool is missing, or C that xenlet emitted did not compile

Diagnostics go to standard error, coloured on a terminal (NO_COLOR and FORCE_COLOR are heeded).`;

interface TargetOptions {
  readonly target: TargetName;
  readonly unchecked?: true;
}

interface BuildCommandOptions extends TargetOptions {
  readonly shared?: true;
  readonly output?: string;
  readonly cc: CCompiler;
  readonly sanitize?: true;
  readonly emitC?: true;
  readonly dump?: PassName;
  readonly watch?: true;
  readonly verbose?: true;
}

class WrongUse extends Error {}

const defaultEntry = "kernel/main.ts";
const targetOption = (): Option =>
  new Option("-t, --target <target>", "what it shall run on: a Xen guest, or Linux")
    .choices(["x86-xen", "host"])
    .default("x86-xen");
const uncheckedOption = (): Option =>
  new Option("--unchecked", "let signed overflow wrap; all other checks stay");

const program = new Command("xenlet")
  .description("Compiles the kernel subset of TypeScript (docs/subset.md) ahead of time to native x86-64.")
  .addHelpText("after", exitHelp)
  .exitOverride()
  .configureHelp({ helpWidth: 100 });

program
  .command("build")
  .description("compile a program, from its entry file")
  .argument("[entry]", "entry file", defaultEntry)
  .addOption(targetOption())
  .option("--shared", "target host: a shared library that exports the entry file's functions")
  .option("-o, --output <file>", "what to write (default: build/<name>, of the entry file)")
  .addOption(new Option("--cc <compiler>", "the C compiler").choices([...cCompilers]).default("clang"))
  .option("--sanitize", "target host: with AddressSanitizer and UndefinedBehaviorSanitizer")
  .addOption(uncheckedOption())
  .option("--emit-c", "stop at the C, and write it to the output")
  .addOption(new Option("--dump <pass>", "print what a pass made, and stop").choices([...passes]))
  .option("-w, --watch", "build again whenever a source changes")
  .option("-v, --verbose", "say what takes how long")
  .addHelpText("after", exitHelp)
  .action(async (entry: string, options: BuildCommandOptions) => {
    refuseNonsense(options);
    if (options.dump !== undefined) dump(entry, options, options.dump);
    else if (options.watch) await watchSources(entry, options);
    else process.exitCode = await buildOnce(entry, options).then(({ status }) => status);
  });

program
  .command("check")
  .description("check a program without building it")
  .argument("[entry]", "entry file", defaultEntry)
  .addOption(targetOption())
  .addHelpText("after", exitHelp)
  .action((entry: string, { target }: TargetOptions) => {
    const { diagnostics } = compileEntry(entry, { target });
    if (diagnostics.length > 0) refuse(diagnostics);
  });

program
  .command("explain")
  .description("say what a diagnostic means and what to do")
  .argument("<code>", "such as XL2001")
  .action((code: string) => {
    const text = explain(code);
    if (text === undefined) throw new WrongUse(`there is no diagnostic ${code}; docs/errors.md lists them`);
    process.stdout.write(text);
  });

await main();

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = statusOf(error);
  }
}

/** Says what `error` is, unless that has been said, and gives the exit status for it. */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  if (error instanceof WrongUse) {
    process.stderr.write(`xenlet: ${error.message}\n`);
    return exitCodes.wrongUse;
  }
  if (error instanceof ToolError || error instanceof EmittedCError) {
    process.stderr.write(`xenlet: ${error.message}\n`);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`xenlet: the compiler itself failed. This is a defect of xenlet.\n${text}\n`);
  }
  return exitCodes.broken;
}

function refuseNonsense(options: BuildCommandOptions): void {
  if (options.target === "host") return;
  for (const [name, given] of Object.entries({
    "--shared": options.shared,
    "--sanitize": options.sanitize,
  })) {
    if (given) throw new WrongUse(`${name} is for programs of Linux; add \`--target host\``);
  }
}

async function buildOnce(
  entry: string,
  options: BuildCommandOptions,
): Promise<{ readonly status: number; readonly sources: readonly string[] }> {
  const sayStep = (text: string): void => void process.stderr.write(`xenlet: ${text}\n`);
  const outcome: BuildOutcome = await build({
    entry: requireEntry(entry),
    target: options.target,
    shared: options.shared ?? false,
    output: options.output ?? defaultOutput(entry, options),
    compiler: options.cc,
    sanitize: options.sanitize ?? false,
    checked: !options.unchecked,
    emitC: options.emitC ?? false,
    step: options.verbose ? sayStep : () => {},
  });
  if (outcome.diagnostics.length > 0) refuse(outcome.diagnostics);
  const status = outcome.diagnostics.length > 0 ? exitCodes.refused : exitCodes.done;
  return { status, sources: outcome.sources };
}

/** A broken build does not end the watch: the next change may mend it. */
async function watchSources(entry: string, options: BuildCommandOptions): Promise<void> {
  let sources: readonly string[] = [entry];
  await watchAndBuild(async () => {
    try {
      const outcome = await buildOnce(entry, { ...options, verbose: true });
      sources = outcome.sources;
    } catch (error) {
      statusOf(error);
    }
    process.stderr.write(`xenlet: watching ${sources.length} files\n`);
    return sources;
  });
}

function dump(entry: string, options: TargetOptions, pass: PassName): void {
  const { diagnostics, dumps } = compileEntry(entry, { ...options, dump: pass });
  process.stdout.write(dumps.get(pass) ?? "");
  if (diagnostics.length > 0) refuse(diagnostics);
}

function compileEntry(
  entry: string,
  { target, unchecked, dump }: TargetOptions & { readonly dump?: PassName },
): ReturnType<typeof compile> {
  const options = { entry: requireEntry(entry), target, checked: !unchecked };
  return compile(dump === undefined ? options : { ...options, dump });
}

function refuse(diagnostics: BuildOutcome["diagnostics"]): void {
  process.stderr.write(renderDiagnostics(diagnostics, { color: wantsColor(process.stderr) }));
  process.exitCode = exitCodes.refused;
}

function requireEntry(entry: string): string {
  if (!existsSync(entry)) throw new WrongUse(`${entry}: expected the program's entry file, found nothing`);
  return entry;
}

/** `kernel/main.ts` → `build/xenlet.elf`; `a/b.ts` → `build/b.elf`, `build/b`, `build/b.so` or `build/b.c`. */
function defaultOutput(entry: string, { emitC, target, shared }: BuildCommandOptions): string {
  const ending = emitC ? ".c" : target === "x86-xen" ? ".elf" : shared ? ".so" : "";
  const name = entry === defaultEntry ? "xenlet" : path.basename(entry, path.extname(entry));
  return path.join("build", name + ending);
}
