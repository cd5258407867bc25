/** Compiles programs of the target `host` and runs them; what one gave is kept under build/cache until its C changes. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  type CCompiler,
  codeFlags,
  type CodeOptions,
  compileC,
  headerDirectory,
} from "../../compiler/build/cc.ts";
import { wantsColor, renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import { compile } from "../../compiler/driver.ts";
import { takeTurn } from "./turn.ts";

export interface Configuration {
  readonly name: string;
  readonly compiler: CCompiler;
  readonly sanitize: boolean;
  readonly checked: boolean;
}

/** Every program has to give the same under each of these. */
export const configurations: readonly Configuration[] = [
  { name: "clang", compiler: "clang", sanitize: false, checked: true },
  { name: "gcc", compiler: "gcc", sanitize: false, checked: true },
  { name: "sanitizers", compiler: "clang", sanitize: true, checked: true },
];

export interface RunResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const cache = path.resolve(import.meta.dirname, "../../build/cache/programs");
const header = readFileSync(path.join(headerDirectory, "xenlet.h"), "utf8");

/** The C of a program that has to compile. Throws with its diagnostics where it is refused. */
export function compileToC(entry: string, checked = true): string {
  const { c, diagnostics } = compile({ entry, target: "host", checked });
  if (c !== undefined) return c;
  throw new Error(`refused:\n${renderDiagnostics(diagnostics, { color: wantsColor(process.stderr) })}`);
}

/** Builds `c` in one configuration and runs it without input. */
export async function runC(c: string, configuration: Configuration): Promise<RunResult> {
  const options: CodeOptions = { ...configuration, product: "executable" };
  const key = createHash("sha256")
    .update(JSON.stringify([c, header, codeFlags(options), configuration.compiler]))
    .digest("hex");
  const kept = path.join(cache, `${key}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as RunResult;
  return takeTurn(async () => {
    mkdirSync(cache, { recursive: true });
    const source = path.join(cache, `${key}.c`);
    const program = path.join(cache, key);
    writeFileSync(source, c);
    await compileC({ ...options, source, output: program });
    const result = await run(program);
    rmSync(source);
    rmSync(program);
    writeFileSync(kept, JSON.stringify(result));
    return result;
  });
}

/** A program that does not end by itself is killed after this many milliseconds. */
const timeout = 60_000;

function run(program: string): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { stdio: ["ignore", "pipe", "pipe"], timeout });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}
