/** Drives the C compiler over the one C file of a program. */
import { accessSync, constants } from "node:fs";
import path, { delimiter, join } from "node:path";
import { runTool, ToolError } from "./tool.ts";

export const cCompilers = ["clang", "gcc"] as const;
export type CCompiler = (typeof cCompilers)[number];

/** What the C becomes: an object for the guest's link step, or something that Linux runs. */
export type Product = "guest-object" | "executable" | "shared-library";

/** What decides on the flags. */
export interface CodeOptions {
  readonly compiler: CCompiler;
  readonly product: Product;
  /** With AddressSanitizer and UndefinedBehaviorSanitizer; not in a guest. */
  readonly sanitize: boolean;
  /** Whether signed overflow stops the program; the C says so itself, the header reports it. */
  readonly checked: boolean;
}

export interface CompileCOptions extends CodeOptions {
  readonly source: string;
  readonly output: string;
}

/** The C compiler refused the C that we emitted: always a defect of xenlet's, never of the program. */
export class EmittedCError extends Error {
  override readonly name = "EmittedCError";
  /** The C file, kept. */
  readonly source: string;

  constructor(source: string, compilerText: string) {
    super(
      `the C compiler refused what xenlet emitted. This is a defect of xenlet, not of your program.\n` +
        `The C is kept in ${source}; please report it with the program.\n\n${compilerText}`,
    );
    this.source = source;
  }
}

/** What is not a warning but a wrong program, in C that a compiler wrote. */
const typeErrors = [
  "implicit-function-declaration",
  "incompatible-pointer-types",
  "int-conversion",
  "return-type",
];

const everywhere = [
  "-std=gnu11",
  "-g",
  // Backtraces follow frame pointers, on the guest itself.
  "-fno-omit-frame-pointer",
  // A loop that waits for nothing visible is still a loop; C would let it be left out.
  "-fno-finite-loops",
  // `xenlet:unsafe` looks at one memory as several types.
  "-fno-strict-aliasing",
  // A null reference has to fault, or fail its check; it may not be reasoned away.
  "-fno-delete-null-pointer-checks",
  ...typeErrors.map((name) => `-Werror=${name}`),
];

/** A guest runs in ring 3 at the top of the address space, without a C library, and its traps save no vector registers. */
const guest = [
  "-O2",
  "-ffreestanding",
  "-mno-red-zone", // events and traps push onto the interrupted stack
  "-mgeneral-regs-only",
  "-mcmodel=kernel",
  "-fno-pic",
  "-fno-pie",
  "-fno-stack-protector", // its canary is in thread-local storage, which a guest has not
  "-fno-asynchronous-unwind-tables", // nothing unwinds; the tables are a tenth of the image
  "-fno-unwind-tables",
  "-fcf-protection=none", // Xen PV offers no shadow stacks; endbr64 is noise
  "-fno-common",
  "-ffunction-sections",
  "-fdata-sections",
];

const products: Readonly<Record<Product, readonly string[]>> = {
  "guest-object": [...guest, "-c"],
  executable: ["-O2"],
  "shared-library": ["-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-Wl,-z,defs"],
};

/** The flags for a program's C, without input and output files. */
export function codeFlags(options: CodeOptions): string[] {
  const sanitizers = options.sanitize
    ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-O1"]
    : [];
  // A shared library leaves the sanitizers' symbols to the process that loads it.
  const undefinedSymbols = options.sanitize && options.product === "shared-library" ? ["-Wl,-z,undefs"] : [];
  return [
    ...everywhere,
    ...products[options.product],
    ...sanitizers,
    ...undefinedSymbols,
    ...(options.checked ? [] : ["-DXL_UNCHECKED"]),
    `-I${headerDirectory}`,
  ];
}

/** Where `xenlet.h` is. */
export const headerDirectory = join(import.meta.dirname, "../lib");

/** Compiles `source` to `output`. Rejects with EmittedCError, or with ToolError where the C compiler is missing. */
export async function compileC(options: CompileCOptions): Promise<void> {
  const program = findCCompiler(options.compiler);
  const source = path.relative(process.cwd(), options.source);
  // The paths of this machine stay out of the debug information, so that every machine makes the same bytes.
  const shownAs = { [path.dirname(source)]: "build", [process.cwd()]: ".", [headerDirectory]: "xenlet" };
  const reproducible = Object.entries(shownAs).map(([found, shown]) => `-ffile-prefix-map=${found}=${shown}`);
  const args = [...codeFlags(options), ...reproducible, source, "-o", options.output];
  try {
    await runTool({ program, args, debianPackage: options.compiler, advice: "" });
  } catch (error) {
    if (error instanceof ToolError) throw new EmittedCError(options.source, error.message.trimEnd());
    throw error;
  }
}

/** Names under which distributions install the compilers. */
const programNames: Readonly<Record<CCompiler, readonly string[]>> = {
  clang: ["clang", "clang-14", "clang-19"],
  gcc: ["gcc", "gcc-12", "gcc-14"],
};

/** The name of the compiler's program on this machine. Throws a ToolError with what to install. */
export function findCCompiler(compiler: CCompiler): string {
  const directories = (process.env.PATH ?? "").split(delimiter);
  const found = programNames[compiler].find((name) =>
    directories.some((directory) => isExecutable(join(directory, name))),
  );
  if (found !== undefined) return found;
  throw new ToolError(
    `${compiler}: expected one of ${programNames[compiler].join(", ")} in PATH, found none. ` +
      `Install it: sudo apt-get install --no-install-recommends ${compiler}`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
