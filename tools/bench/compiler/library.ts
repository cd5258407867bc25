/** Builds a form's C into a shared library, and loads it. */
import path from "node:path";

import koffi, { type LibraryHandle } from "koffi";

import { type CCompiler, codeFlags, findCCompiler } from "../../../compiler/build/cc.ts";
import { runTool } from "../../../compiler/build/tool.ts";
import { arenaAt, type Arena } from "./arena.ts";
import type { FormSource } from "./form.ts";
import type { Layout } from "./layout.ts";

/** What makes one library out of a guest's code: the same for all forms, and no part of what is compared. */
const libraryFlags = ["-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-z,noexecstack", "-w"];
const notInLibraries = ["-c", "-mcmodel=kernel", "-fno-pic", "-fno-pie"];
const notWithFloatingPoint = ["-mgeneral-regs-only", "-ffreestanding"];

/** The flags of a guest's code, as far as a shared library can have them. */
function flagsFor(compiler: CCompiler, isKernelCode: boolean): string[] {
  const left = [...notInLibraries, ...(isKernelCode ? [] : notWithFloatingPoint)];
  const all = codeFlags({ compiler, product: "guest-object", sanitize: false, checked: true });
  return [...all.filter((flag) => !left.includes(flag)), ...libraryFlags];
}

/** Builds `source` with the flags of a guest's code, at the places that `layout` says. Gives the library's path. */
export async function buildLibrary(
  source: FormSource,
  compiler: CCompiler,
  layout: Layout,
  directory: string,
): Promise<string> {
  const library = path.join(directory, `${compiler}-${layout.name}.so`);
  const isKernelCode = source.generalRegistersOnly;
  const flags = [...flagsFor(compiler, isKernelCode), ...layout.flags, ...source.defines];
  const files = [`-I${path.dirname(source.file)}`, source.file, "-o", library];
  await runTool({
    program: findCCompiler(compiler),
    args: [...flags, ...files, ...(isKernelCode ? [] : ["-lm"])],
    debianPackage: compiler,
    advice: "The flags are those of a guest's code (compiler/build/cc.ts), as a shared library.",
  });
  return library;
}

/** A loaded form: where its workloads are, and the memory that it works in. */
export interface LoadedForm {
  readonly arena: Arena;
  has(symbol: string): boolean;
  address(symbol: string): bigint;
}

/** Loads a form's library. Forms that bring no memory of their own work in `arena`. */
export function loadForm(library: string, ownArena: boolean, arena: Arena): LoadedForm {
  const handle = koffi.load(library);
  const makeArena = (): Arena => {
    const arena = handle.func("arena", "uint64_t", []) as () => number | bigint;
    return arenaAt(BigInt(arena()), 0n);
  };
  return {
    arena: ownArena ? makeArena() : arena,
    has: (symbol) => hasSymbol(handle, symbol),
    address: (symbol) => koffi.address(handle.symbol(symbol)),
  };
}

function hasSymbol(handle: LibraryHandle, symbol: string): boolean {
  try {
    handle.symbol(symbol);
    return true;
  } catch {
    return false;
  }
}
