/** The forms that the workloads are written in, each brought down to C. */
import { copyFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";

import { runTool } from "../../../compiler/build/tool.ts";
import { compileToC } from "./xenlet.ts";

export type FormName = "C" | "xenlet" | "AssemblyScript" | "Porffor";

/** A form as C source, ready for either C compiler. */
export interface FormSource {
  readonly file: string;
  readonly defines: readonly string[];
  /** False where the generated C needs floating point, and so cannot be kernel code. */
  readonly generalRegistersOnly: boolean;
  /** Whether it has a memory of its own, whose address its door `arena` gives. */
  readonly ownArena: boolean;
}

/** One of the forms: how its C source comes to be. */
export interface Form {
  readonly name: FormName;
  /** What a reader must know of its figures. */
  readonly note: string;
  prepare(directory: string): Promise<FormSource>;
}

/** The repository's root. */
const ROOT = path.resolve(import.meta.dirname, "../../..");
const SOURCES = path.join(ROOT, "bench/compiler");
const BIN = path.join(ROOT, "node_modules/.bin");

export const forms: readonly Form[] = [
  { name: "C", note: "hand-written, no checks", prepare: prepareC },
  { name: "xenlet", note: "idiomatic, all checks on", prepare: prepareXenlet },
  {
    name: "AssemblyScript",
    note: "by wasm2c, no checks; plain loads where memory is shared",
    prepare: prepareAssemblyScript,
  },
  { name: "Porffor", note: "JavaScript; needs floating point, so not kernel code", prepare: preparePorffor },
];

function prepareC(): Promise<FormSource> {
  const file = path.join(SOURCES, "c/forms.c");
  return Promise.resolve({ file, defines: [], generalRegistersOnly: true, ownArena: false });
}

async function prepareXenlet(directory: string): Promise<FormSource> {
  const file = await compileToC(path.join(SOURCES, "xenlet/entry.ts"), directory);
  return { file, defines: [], generalRegistersOnly: true, ownArena: false };
}

/** The loop around every form; not itself one. */
export async function prepareTimer(directory: string): Promise<FormSource> {
  const file = await compileToC(path.join(SOURCES, "timer.ts"), directory);
  return { file, defines: [], generalRegistersOnly: true, ownArena: false };
}

async function prepareAssemblyScript(directory: string): Promise<FormSource> {
  const file = await adapterIn(directory, "assemblyscript");
  const wasm = path.join(directory, "forms.wasm");
  const options = [
    "-O3",
    "--noAssert",
    "--runtime",
    "stub",
    "--use",
    "abort=",
    "--initialMemory",
    "4",
    "-o",
    wasm,
  ];
  await runTool({
    program: path.join(BIN, "asc"),
    args: [path.join(SOURCES, "assemblyscript/forms.ts"), ...options],
    debianPackage: "npm",
    advice: "Run `npm ci`.",
  });
  await runTool({
    program: "wasm2c",
    args: ["-n", "forms", wasm, "-o", path.join(directory, "forms.wasm.c")],
    debianPackage: "wabt",
    advice: "The adapter is written for wasm2c 1.0.32 (Debian 12).",
  });
  return { file, defines: [], generalRegistersOnly: true, ownArena: true };
}

async function preparePorffor(directory: string): Promise<FormSource> {
  const file = await adapterIn(directory, "porffor");
  const generated = path.join(directory, "forms.js.c");
  await runTool({
    program: path.join(BIN, "porf"),
    args: ["c", "--module", path.join(SOURCES, "porffor/forms.js"), "-o", generated],
    debianPackage: "npm",
    advice: "The adapter is written for porffor 0.0.0-alpha.7: run `npm ci`.",
  });
  // Porffor numbers its functions anew whenever the program changes.
  const symbols = (await readFile(generated, "utf8")).matchAll(/^jsval (p\d+_(\w+))\(.*;$/gm);
  const defines = [...symbols].map(([, symbol, name]) => `-DJS_${name}=${symbol}`);
  return { file, defines, generalRegistersOnly: false, ownArena: true };
}

/** The adapter includes the generated file, so it is compiled beside it. */
async function adapterIn(directory: string, form: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, "adapter.c");
  await copyFile(path.join(SOURCES, form, "adapter.c"), file);
  return file;
}
