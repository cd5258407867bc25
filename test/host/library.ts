/**
 * Kernel code under Node: a kernel file compiled for the host, as a shared library, with typed doors.
 *
 *     const format = await loadModule("kernel/lib/bytes.ts", {
 *       indexOf: { parameters: ["slice", "u8"], result: "u64" },
 *     });
 *     format.indexOf(Buffer.from("abc"), 98n); // → 1n
 *
 * Integers are bigints in both directions and are range-checked here, so that a wrong argument is a RangeError in the test
 * and no crash of the process. A slice is a Uint8Array, whose bytes the kernel code sees and may write.
 * A check that fails inside ends the process, so what must fail belongs into test/compiler/accept.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import koffi, { type LibraryHandle } from "koffi";
import { type CodeOptions, codeFlags, compileC, headerDirectory } from "../../compiler/build/cc.ts";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";
import { compile } from "../../compiler/driver.ts";

export type IntegerName = "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64";
/** What a parameter can be. `address` is a `Ptr`, or a reference to a struct, by its address; 0n is null. */
export type ParameterName = IntegerName | "bool" | "address" | "slice";
export type ResultName = IntegerName | "bool" | "address" | "void";

export interface Signature {
  readonly parameters: readonly ParameterName[];
  readonly result: ResultName;
}

type ArgumentOf<P> = P extends "slice" ? Uint8Array : P extends "bool" ? boolean : bigint;
type ResultOf<R> = R extends "void" ? undefined : R extends "bool" ? boolean : bigint;
type ArgumentsOf<P extends readonly ParameterName[]> = { [I in keyof P]: ArgumentOf<P[I]> };

/** The doors of a module, by the signatures that it was loaded with. */
export type Doors<S extends Record<string, Signature>> = {
  readonly [Name in keyof S]: (...values: ArgumentsOf<S[Name]["parameters"]>) => ResultOf<S[Name]["result"]>;
};

const root = path.resolve(import.meta.dirname, "../..");
const cache = path.join(root, "build/cache/libraries");

const cNames: Readonly<Record<IntegerName | "bool" | "address" | "void", string>> = {
  u8: "uint8_t",
  u16: "uint16_t",
  u32: "uint32_t",
  u64: "uint64_t",
  i8: "int8_t",
  i16: "int16_t",
  i32: "int32_t",
  i64: "int64_t",
  bool: "bool",
  address: "uint64_t",
  void: "void",
};

/**
 * Compiles `entry` (relative to the project) for the host, loads it, and gives its exported functions. Throws with the
 * diagnostics where the compiler refuses it, and where a function of `signatures` is not exported.
 */
export async function loadModule<const S extends Record<string, Signature>>(
  entry: string,
  signatures: S,
): Promise<Doors<S>> {
  const library = koffi.load(await buildLibrary(path.resolve(root, entry)));
  const doors = Object.entries(signatures).map(([name, signature]) => [name, door(library, name, signature)]);
  return Object.fromEntries(doors) as Doors<S>;
}

function door(
  library: LibraryHandle,
  name: string,
  { parameters, result }: Signature,
): (...values: readonly unknown[]) => unknown {
  const types = parameters.flatMap((one) => (one === "slice" ? ["uint8_t *", "uint64_t"] : [cNames[one]]));
  const call = library.func(name, cNames[result], types) as (...values: unknown[]) => unknown;
  return (...values) => {
    if (values.length !== parameters.length) {
      throw new RangeError(`${name}: expected ${parameters.length} arguments, got ${values.length}`);
    }
    const passed = parameters.flatMap((parameter, index) => argument(name, parameter, values[index]));
    const got = call(...passed);
    if (result === "void") return undefined;
    return typeof got === "number" || typeof got === "bigint" ? BigInt(got) : got;
  };
}

/** One argument as koffi takes it: a slice is a pointer and a length. */
function argument(name: string, parameter: ParameterName, value: unknown): readonly unknown[] {
  if (parameter === "slice") {
    if (!(value instanceof Uint8Array))
      throw new TypeError(`${name}: expected a Uint8Array, got ${typeof value}`);
    return [value, BigInt(value.length)];
  }
  if (parameter === "bool") {
    if (typeof value !== "boolean") throw new TypeError(`${name}: expected a boolean, got ${typeof value}`);
    return [value];
  }
  if (typeof value !== "bigint") throw new TypeError(`${name}: expected a bigint, got ${typeof value}`);
  const integer = parameter === "address" ? "u64" : parameter;
  const bits = Number(integer.slice(1));
  const truncated = integer.startsWith("i") ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  if (truncated !== value)
    throw new RangeError(`${name}: expected a value that fits ${integer}, got ${value}`);
  return [value];
}

/** The path of the shared library made from `entry`; kept under build/cache until its C changes. */
async function buildLibrary(entry: string): Promise<string> {
  const { c, diagnostics } = compile({ entry, target: "host", checked: true });
  if (c === undefined) throw new Error(renderDiagnostics(diagnostics, { color: false }));
  const options: CodeOptions = {
    compiler: "clang",
    product: "shared-library",
    sanitize: false,
    checked: true,
  };
  const header = readFileSync(path.join(headerDirectory, "xenlet.h"), "utf8");
  const key = createHash("sha256")
    .update(JSON.stringify([c, header, codeFlags(options)]))
    .digest("hex");
  const library = path.join(cache, `${path.basename(entry, ".ts")}-${key.slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  mkdirSync(cache, { recursive: true });
  const unfinished = `${library}.${process.pid}`;
  writeFileSync(`${unfinished}.c`, c);
  await compileC({ ...options, source: `${unfinished}.c`, output: unfinished });
  renameSync(`${unfinished}.c`, library.replace(/so$/, "c"));
  renameSync(unfinished, library);
  return library;
}
