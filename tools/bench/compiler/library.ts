/** Builds a form's C into a shared library, and loads it. */
import path from "node:path";

import koffi from "koffi";

import { runTool } from "../../../compiler/build/tool.ts";
import { arenaAt, type Arena } from "./arena.ts";
import type { FormSource } from "./form.ts";
import type { Layout } from "./layout.ts";
import { HEADER_DIRECTORY } from "./xenlet.ts";

export const cCompilers = ["clang", "gcc"] as const;
export type CCompiler = (typeof cCompilers)[number];

function guestCodeFlags(_compiler: CCompiler): string[] {
  return ["-O2", "-ffreestanding", "-mno-red-zone", "-mgeneral-regs-only", "-fno-strict-aliasing"];
}

/** What makes one library out of a kernel's code: the same for all forms, and no part of what is compared. */
const LIBRARY_FLAGS = ["-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-z,noexecstack", "-w", "-g"];
const NOT_WITH_FLOATING_POINT = ["-mgeneral-regs-only", "-ffreestanding"];

/** Builds `source` with the flags of a guest's code, at the places that `layout` says. Gives the library's path. */
export async function buildLibrary(
  source: FormSource,
  compiler: CCompiler,
  layout: Layout,
  directory: string,
): Promise<string> {
  const library = path.join(directory, `${compiler}-${layout.name}.so`);
  const kernel = source.generalRegistersOnly;
  const code = guestCodeFlags(compiler).filter((flag) => kernel || !NOT_WITH_FLOATING_POINT.includes(flag));
  await runTool({
    program: compiler,
    args: [
      ...[...code, ...LIBRARY_FLAGS, ...layout.flags, ...source.defines],
      ...[`-I${path.dirname(source.file)}`, `-I${HEADER_DIRECTORY}`, source.file, "-o", library],
      ...(kernel ? [] : ["-lm"]),
    ],
    debianPackage: compiler,
    advice: "The flags are those of a guest's code (compiler/build), as a shared library.",
  });
  return library;
}

/** A loaded form: where its workloads are, and the memory that it works in. */
export interface LoadedForm {
  readonly arena: Arena;
  address(symbol: string): bigint;
}

/** Loads a form's library. Forms without a memory of their own work in `shared`. */
export function loadForm(library: string, ownArena: boolean, shared: Arena): LoadedForm {
  const handle = koffi.load(library);
  const makeArena = (): Arena => {
    const arena = handle.func("arena", "uint64_t", []) as () => number | bigint;
    return arenaAt(BigInt(arena()), 0n);
  };
  return {
    arena: ownArena ? makeArena() : shared,
    address: (symbol) => koffi.address(handle.symbol(symbol)),
  };
}
