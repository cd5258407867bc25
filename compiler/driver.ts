/** The passes, in order. Checking never emits, emitting never refuses. */
import { checkContexts } from "./analyse/contexts.ts";
import { checkEscapes } from "./analyse/escapes.ts";
import { checkOwners } from "./analyse/owners.ts";
import { findRecursive } from "./analyse/recursion.ts";

import { check } from "./check/checker.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { emitProgram, shownNames } from "./emit/program.ts";
import { dumpAst, dumpCalls, dumpIr, dumpLayouts } from "./dump.ts";
import type * as ir from "./ir/ir.ts";
import { optimise } from "./optimise/optimise.ts";
import { loadProgram, type SourceProgram, type TargetName } from "./source/program.ts";

/** What to compile, and how. */
export interface CompileOptions {
  /** The entry file. */
  readonly entry: string;
  readonly target: TargetName;
  /** Signed overflow stops the program; without it, it wraps. */
  readonly checked: boolean;
  /** A pass whose outcome is wanted as text. */
  readonly dump?: PassName;
}

/** What became of a program. */
export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  /** The program as C; absent where it was refused. */
  readonly c: string | undefined;
  /** C symbols → the names that TypeScript programmers know. */
  readonly nameMap: Readonly<Record<string, string>>;
  readonly dumps: ReadonlyMap<string, string>;
  /** Every file that was read, for whoever watches them. */
  readonly sources: readonly string[];
}

/** What can be dumped, in the order in which it comes to be. */
export const passes = ["ast", "layouts", "calls", "ir", "optimised", "c"] as const;
/** One of `passes`. */
export type PassName = (typeof passes)[number];

/** Compiles one program, from its entry file to C. Throws only where the entry cannot be read, or the compiler itself is broken. */
export function compile(options: CompileOptions): Compiled {
  const source = loadProgram(options.entry, options.target);
  const sources = source.files.map((file) => file.fileName);
  const dumps = new Map<string, string>();
  const refused = (diagnostics: readonly Diagnostic[]): Compiled => ({
    diagnostics,
    c: undefined,
    nameMap: {},
    dumps,
    sources,
  });
  if (options.dump === "ast") dumps.set("ast", dumpAst(source.files));
  const errors = source.diagnostics;
  if (errors.length > 0) return refused(errors);
  const { program, diagnostics } = analyse(source, options);
  if (options.dump === "layouts") dumps.set("layouts", dumpLayouts(program));
  if (options.dump === "calls") dumps.set("calls", dumpCalls(program));
  if (options.dump === "ir") dumps.set("ir", dumpIr(program));
  if (diagnostics.length > 0) return refused(diagnostics);
  optimise(program);
  if (options.dump === "optimised") dumps.set("optimised", dumpIr(program));
  const probing = options.target === "x86-xen" ? findRecursive(program) : new Set<ir.Function_>();
  const c = emitProgram(program, options.target, probing);
  if (options.dump === "c") dumps.set("c", c);
  const nameMap = shownNames(program);
  return { diagnostics: [], c, nameMap, dumps, sources };
}

/** Everything that can refuse the program. */
function analyse(
  source: SourceProgram,
  options: CompileOptions,
): { readonly program: ir.Program; readonly diagnostics: readonly Diagnostic[] } {
  const { program, diagnostics } = check(source, options.target, options.checked);
  if (diagnostics.length > 0) return { program, diagnostics };
  return {
    program,
    diagnostics: [...checkContexts(program), ...checkEscapes(program), ...checkOwners(program)],
  };
}
