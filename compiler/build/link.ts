/**
 * The link step of target x86-xen: assembles the stubs, links them with the program's object, and embeds the line table.
 *
 * It links twice. The first link fixes every address; the line table is made from its DWARF; the second link is the same
 * with the table in `.line_table`, which linker.ld puts after everything else, so that no address moves (checked).
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { readLineTable, type LineTableCounts } from "./line-table.ts";
import { encodeLineTable } from "./line-table-writer.ts";
import { readLineRanges, type NameMap } from "./line-symbols.ts";
import { runTool, ToolError } from "./tool.ts";

/** What to link. Paths may be relative to the working directory. */
export interface LinkOptions {
  /** The program's object: it must define `xenlet_main`, `trap_dispatch`, `event_upcall` and `failsafe_dispatch`. */
  readonly object: string;
  /** C symbol to the TypeScript name that backtraces show; a symbol that is not in it keeps its own. */
  readonly nameMap: NameMap;
  /** The ELF to write: symbols, DWARF and line table included. */
  readonly output: string;
  /** Directory that the sources' paths are shown relative to; its package.json says the version. */
  readonly projectRoot: string;
  /** For objects in between and the map file; created when missing. */
  readonly cacheDir: string;
  /** NASM sources; by default the head and the stubs of x86-xen. */
  readonly bootSources?: readonly string[];
  /** By default the project's linker.ld. */
  readonly linkerScript?: string;
}

/** What came out. */
export interface LinkedGuest {
  readonly output: string;
  /** ld's own map of the image. */
  readonly mapFile: string;
  readonly lineTable: LineTableCounts;
}

/** NASM sources of every guest, relative to the project root. */
export const BOOT_SOURCES: readonly string[] = [
  "boot/head.S",
  "kernel/arch/x86-xen/entry.S",
  "kernel/arch/x86-xen/hypercall/stubs.S",
  "kernel/arch/x86-xen/switch.S",
  "kernel/arch/x86-xen/traps.S",
];

/** Links a guest. Rejects with ToolError: the failing program's own words, then what to do. */
export async function linkGuest(options: LinkOptions): Promise<LinkedGuest> {
  const { cacheDir, projectRoot } = options;
  await mkdir(cacheDir, { recursive: true });
  const version = await readVersion(projectRoot);
  const sources = options.bootSources ?? BOOT_SOURCES.map((source) => path.join(projectRoot, source));
  const objects = await Promise.all(sources.map((source) => assemble(source, cacheDir, version)));
  const linkerScript = options.linkerScript ?? path.join(projectRoot, "linker.ld");
  const mapFile = path.join(cacheDir, "xenlet.map");
  const inputs = [...objects, options.object];

  const first = path.join(cacheDir, "without-lines.elf");
  await link({ inputs, linkerScript, mapFile, output: first });

  const symbols = await readSymbols(first);
  const text = { start: addressOf(symbols, "__text_start"), end: addressOf(symbols, "__text_end") };
  const ranges = await readLineRanges({ elf: first, projectRoot, nameMap: options.nameMap, text });
  const table = encodeLineTable(text.start, ranges);
  const tableObject = await embed(table, cacheDir, version);

  await link({ inputs: [...inputs, tableObject], linkerScript, mapFile, output: options.output });
  checkNothingMoved(symbols, await readSymbols(options.output));
  return { output: options.output, mapFile, lineTable: readLineTable(table).counts };
}

async function readVersion(projectRoot: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(path.join(projectRoot, "package.json"), "utf8"));
  if (
    typeof manifest === "object" &&
    manifest !== null &&
    "version" in manifest &&
    typeof manifest.version === "string"
  ) {
    return manifest.version;
  }
  throw new ToolError(
    `${projectRoot}/package.json: expected a "version" string, got none. The GUEST_VERSION note says it.`,
  );
}

async function assemble(source: string, cacheDir: string, version: string): Promise<string> {
  const object = path.join(cacheDir, `${path.basename(source, path.extname(source))}.o`);
  const args = [
    "-f",
    "elf64",
    ...(source.startsWith(cacheDir) ? [] : ["-g", "-F", "dwarf"]), // what is generated has no lines to show
    "-w+all",
    "-w+error",
    `-DGUEST_VERSION="${version}"`,
    source,
    "-o",
    object,
  ];
  const advice = `Correct ${source} at the line that nasm names.`;
  await runTool({ program: "nasm", args, debianPackage: "nasm", advice });
  return object;
}

/** Wraps the table in an object whose only section is `.line_table`. */
async function embed(table: Buffer, cacheDir: string, version: string): Promise<string> {
  const binary = path.join(cacheDir, "line-table.bin");
  const source = path.join(cacheDir, "line-table.S");
  await writeFile(binary, table);
  await writeFile(
    source,
    `section .line_table progbits alloc noexec nowrite align=4096\nincbin "${binary}"\n`,
  );
  return assemble(source, cacheDir, version);
}

interface LinkStep {
  readonly inputs: readonly string[];
  readonly linkerScript: string;
  readonly mapFile: string;
  readonly output: string;
}

/** An unknown section or a warning is an error: either would put something into the image that nobody decided on. */
async function link({ inputs, linkerScript, mapFile, output }: LinkStep): Promise<void> {
  await mkdir(path.dirname(output), { recursive: true });
  const strict = ["--orphan-handling=error", "--fatal-warnings", "--no-undefined"];
  const plain = [
    "-static",
    "--build-id=none",
    "-z",
    "noexecstack",
    "-z",
    "max-page-size=4096",
    "--gc-sections",
  ];
  await runTool({
    program: "ld",
    args: [...plain, ...strict, `-Map=${mapFile}`, "-T", linkerScript, "-o", output, ...inputs],
    debianPackage: "binutils",
    advice:
      "An undefined symbol wants a function with that `@export` name, or an `extern` in a .S file; " +
      "an orphan section wants its place in linker.ld; a failed assert says what disagrees.",
  });
}

function addressOf(symbols: ReadonlyMap<string, bigint>, symbol: string): bigint {
  const address = symbols.get(symbol);
  if (address === undefined)
    throw new ToolError(`expected the symbol ${symbol} in the image, got none. linker.ld defines it.`);
  return address;
}

/** The symbols that a larger `.line_table` may move: those behind it. */
const AFTER_LINE_TABLE = new Set(["__line_table_end", "__end"]);

function checkNothingMoved(first: ReadonlyMap<string, bigint>, second: ReadonlyMap<string, bigint>): void {
  for (const [symbol, address] of first) {
    const got = second.get(symbol);
    if (AFTER_LINE_TABLE.has(symbol) || got === address) continue;
    throw new ToolError(
      `second link: ${symbol}: expected 0x${address.toString(16)} as in the first, got ${got?.toString(16) ?? "nothing"}. ` +
        "The line table would lie: keep .line_table the last loaded section of linker.ld.",
    );
  }
}

/** Global symbols and their addresses. */
async function readSymbols(elf: string): Promise<Map<string, bigint>> {
  const advice = "The linker left something that is not an ELF; run the build again from an empty cache.";
  const args = ["--extern-only", "--defined-only", "--format=posix", elf];
  const listing = await runTool({ program: "nm", args, debianPackage: "binutils", advice });
  return new Map(
    [...listing.matchAll(/^(\S+) \S ([0-9a-f]+)/gm)].map(([, name, address]) => [
      name ?? "",
      BigInt(`0x${address}`),
    ]),
  );
}
