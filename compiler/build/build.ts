/** From an entry file to what runs: the compiler's passes, the C compiler, and for a guest the link step. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { compile } from "../driver.ts";
import type { TargetName } from "../source/program.ts";
import { compileC, type CCompiler, type Product } from "./cc.ts";
import { linkGuest } from "./link.ts";

export interface BuildOptions {
  readonly entry: string;
  readonly target: TargetName;
  /** For the target `host`: a shared library in place of a program. */
  readonly shared: boolean;
  readonly output: string;
  readonly compiler: CCompiler;
  readonly sanitize: boolean;
  readonly checked: boolean;
  /** Stop at the C, written to `output`. */
  readonly emitC: boolean;
  /** Told what is in hand, a line each. */
  readonly step: (text: string) => void;
}

export interface BuildOutcome {
  /** Empty when `output` was written. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that the program was read from. */
  readonly sources: readonly string[];
}

/** The project that the compiler is part of: its boot code, its linker script. */
const projectRoot = path.resolve(import.meta.dirname, "../..");

/**
 * Builds `options.entry` into `options.output`. What lies between is kept beside the output, in `obj/`. A refused program
 * is an outcome; rejects with EmittedCError or ToolError where something broke.
 */
export async function build(options: BuildOptions): Promise<BuildOutcome> {
  const { entry, target, checked, output, step } = options;
  const started = performance.now();
  const { diagnostics, c, nameMap, sources } = compile({ entry, target, checked });
  step(`checked ${sources.length} files in ${elapsed(started)}`);
  if (c === undefined) return { diagnostics, sources };
  if (options.emitC) {
    await mkdir(path.dirname(output), { recursive: true });
    await writeFile(output, c);
    return { diagnostics, sources };
  }

  const parts = path.join(path.dirname(output), "obj", path.basename(output));
  await mkdir(parts, { recursive: true });
  const source = path.join(parts, "program.c");
  await writeFile(source, c);
  const product = productOf(options);
  // Under another name until it is whole, so that nobody runs half a program.
  const made = path.join(parts, product === "guest-object" ? "program.o" : "program");
  const compiling = performance.now();
  await compileC({ ...options, product, source, output: made });
  step(`${options.compiler} took ${elapsed(compiling)}`);
  if (product === "guest-object") {
    const linking = performance.now();
    await linkGuest({ object: made, nameMap, output, projectRoot, cacheDir: parts });
    step(`the link took ${elapsed(linking)}`);
  } else {
    await rename(made, output);
  }
  step(`${output} in ${elapsed(started)}`);
  return { diagnostics, sources };
}

function productOf({ target, shared }: BuildOptions): Product {
  if (target === "x86-xen") return "guest-object";
  return shared ? "shared-library" : "executable";
}

function elapsed(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`;
}
