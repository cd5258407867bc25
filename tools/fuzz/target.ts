/** Kernel code under libFuzzer, with the sanitizers: a target is a program of the subset that exports LLVMFuzzerTestOneInput. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codeFlags, findCCompiler } from "../../compiler/build/cc.ts";
import { runTool } from "../../compiler/build/tool.ts";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import { compile } from "../../compiler/driver.ts";
import { projectRoot } from "../rig/paths.ts";

const targetDirectory = path.join(projectRoot, "test/fuzz/programs");
const output = path.join(projectRoot, "build/fuzz");

/** When a run ends that finds nothing. */
export interface Bounds {
  readonly seconds?: number;
  readonly runs?: number;
}

export interface FuzzResult {
  /** Inputs that were tried. */
  readonly runs: number;
  /** Where the input is that broke the target; undefined where none did. */
  readonly culprit: string | undefined;
  /** libFuzzer's words. */
  readonly text: string;
}

/** The names of all targets. */
export function targetNames(): string[] {
  return readdirSync(targetDirectory)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length));
}

/** Builds a target, or any file with its entry point: the path of the program. Throws with the compiler's diagnostics. */
export async function buildTarget(
  name: string,
  entry = path.join(targetDirectory, `${name}.ts`),
): Promise<string> {
  const { c, diagnostics } = compile({ entry, target: "host", checked: true });
  if (c === undefined) throw new Error(renderDiagnostics(diagnostics, { color: false }));
  const directory = path.join(output, name);
  mkdirSync(directory, { recursive: true });
  const source = path.join(directory, "target.c");
  const program = path.join(directory, `target-${process.pid}`);
  writeFileSync(source, c);
  const flags = codeFlags({ compiler: "clang", product: "executable", sanitize: true, checked: true });
  const args = [...flags, "-fsanitize=fuzzer", source, "-o", program];
  await runTool({ program: findCCompiler("clang"), args, debianPackage: "clang", advice: "" });
  return program;
}

/** Runs a target on inputs that grow out of those that reached something new; they are kept from run to run. */
export async function fuzz(name: string, program: string, bounds: Bounds): Promise<FuzzResult> {
  const directory = path.join(output, name);
  const corpus = path.join(directory, "corpus");
  mkdirSync(corpus, { recursive: true });
  const args = [
    `-artifact_prefix=${directory}/`,
    "-max_len=4096",
    "-timeout=10",
    "-print_final_stats=1",
    ...(bounds.seconds === undefined ? [] : [`-max_total_time=${bounds.seconds}`]),
    ...(bounds.runs === undefined ? [] : [`-runs=${bounds.runs}`]),
    corpus,
  ];
  const text = await run(program, args);
  const runs = Number(/stat::number_of_executed_units: (\d+)/.exec(text)?.[1] ?? 0);
  const culprit = /Test unit written to (\S+)/.exec(text)?.[1];
  return { runs, culprit, text };
}

/** What the program says. libFuzzer ends with a status of its own where it found something. */
function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const take = (part: string): void => void (text += part);
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", reject);
    child.on("close", () => {
      resolve(text);
    });
  });
}
