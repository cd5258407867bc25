/**
 * Reads the DWARF of a linked image into line ranges, with LLVM's own tools: `llvm-dwarfdump` says where a row of the line
 * program begins, `llvm-symbolizer` which (inlined) functions an address belongs to. binutils' addr2line gives the same
 * chains but searches linearly, which takes seconds on a kernel.
 */
import path from "node:path";
import { isDeepStrictEqual } from "node:util";

import type { LineFrame, LineRange } from "./line-table.ts";
import { runTool } from "./tool.ts";

/** Names to show instead of C symbols. */
export type NameMap = Readonly<Record<string, string>>;

/** What to read and how to name what is found. */
export interface LineSource {
  readonly elf: string;
  /** File paths are shown relative to it. */
  readonly projectRoot: string;
  /** C symbol to TypeScript name; a symbol that is not in it keeps its own. */
  readonly nameMap: NameMap;
  /** First address of the text, and the one behind its last: sections that the linker dropped keep DWARF rows near 0. */
  readonly text: { readonly start: bigint; readonly end: bigint };
}

/**
 * Ranges of the whole text, sorted by start, each up to the next; a sequence's end opens a gap. A function without rows
 * (support code of the compiler's, marked `nodebug`) has its name, no file, and line 0.
 */
export async function readLineRanges(source: LineSource): Promise<LineRange[]> {
  const [{ starts, ends }, functions] = await Promise.all([readRowAddresses(source), readFunctions(source)]);
  const sorted = [...starts].sort(ascending);
  const chains = await symbolize(source, sorted);
  const chainAt = new Map(sorted.map((start, index) => [start, chains[index] ?? []]));
  for (const end of ends) if (!chainAt.has(end)) chainAt.set(end, []);
  for (const { name, start, end } of functions) {
    if (sorted.some((row) => row >= start && row < end)) continue;
    chainAt.set(start, [{ function: sourceName(name, source.nameMap), file: "", line: 0 }]);
    if (!chainAt.has(end)) chainAt.set(end, []);
  }
  const ranges = [...chainAt].map(([start, chain]) => ({ start, chain }));
  return withNeighbourLines(ranges.sort((a, b) => ascending(a.start, b.start)));
}

/**
 * Compilers give line 0 to instructions that serve several lines. For a backtrace the line of the neighbour before, or else
 * behind, in the same activation of the same function is closer to the truth than none.
 */
function withNeighbourLines(ranges: readonly LineRange[]): LineRange[] {
  const filled: LineRange[] = [];
  for (const [index, { start, chain }] of ranges.entries()) {
    const [innermost, ...callers] = chain;
    const placed =
      innermost?.line === 0
        ? (activationIn(filled[index - 1], chain) ?? activationIn(ranges[index + 1], chain))
        : undefined;
    filled.push({ start, chain: placed ? [placed, ...callers] : chain });
  }
  return filled;
}

/** The activation that is innermost in `chain`, as `range` has it; undefined where it is not in it, or without a line. */
function activationIn(range: LineRange | undefined, chain: readonly LineFrame[]): LineFrame | undefined {
  const activations = range?.chain.slice(-chain.length) ?? [];
  const [innermost, ...callers] = activations;
  if (activations.length !== chain.length || innermost?.function !== chain[0]?.function) return undefined;
  const sameCallers = callers.every((caller, index) => isDeepStrictEqual(caller, chain[index + 1]));
  return sameCallers && innermost?.line !== 0 ? innermost : undefined;
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The functions of the text that have a size. */
async function readFunctions({
  elf,
  text,
}: LineSource): Promise<{ name: string; start: bigint; end: bigint }[]> {
  const listing = await runTool({
    program: "nm",
    args: ["--defined-only", "--format=posix", elf],
    debianPackage: "binutils",
    advice: "The linker left something that is not an ELF; run the build again from an empty cache.",
  });
  return [...listing.matchAll(/^(\S+) [tTwW] ([0-9a-f]+) ([0-9a-f]+)$/gm)].flatMap(
    ([, name = "", address, size]) => {
      const start = BigInt(`0x${address}`);
      const end = start + BigInt(`0x${size}`);
      return start >= text.start && end <= text.end && end > start ? [{ name, start, end }] : [];
    },
  );
}

/** Addresses at which a row of the line program begins, and those at which a sequence ends. */
async function readRowAddresses({
  elf,
  text,
}: LineSource): Promise<{ starts: Set<bigint>; ends: Set<bigint> }> {
  const dump = await runTool({
    program: "llvm-dwarfdump",
    args: ["--debug-line", elf],
    debianPackage: "llvm",
    advice: "Check that the object was compiled with -g by a supported clang or gcc.",
  });
  const starts = new Set<bigint>();
  const ends = new Set<bigint>();
  for (const [, digits, flags] of dump.matchAll(/^(0x[0-9a-f]{16}) +\d+ .*?([a-z_ ]*)$/gm)) {
    const address = BigInt(digits ?? "0");
    if (address < text.start || address > text.end) continue;
    (flags?.includes("end_sequence") ? ends : starts).add(address);
  }
  return { starts, ends };
}

/** The inlined chain at each address, innermost first. */
async function symbolize(source: LineSource, addresses: readonly bigint[]): Promise<LineFrame[][]> {
  const output = await runTool({
    program: "llvm-symbolizer",
    args: [`--obj=${source.elf}`, "--functions=linkage", "--inlines", "--no-demangle", "--output-style=LLVM"],
    debianPackage: "llvm",
    advice: "Check the debug information with `llvm-dwarfdump --verify`.",
    input: addresses.map((address) => `0x${address.toString(16)}\n`).join(""),
  });
  // An answer is pairs of lines, "function" and "file:line:column", closed by an empty line.
  const answers = output.split("\n\n").slice(0, addresses.length);
  const names = new Map<string, string>();
  const files = new Map<string, string>();
  return answers.map((answer) => {
    const lines = answer.split("\n");
    const chain: LineFrame[] = [];
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const place = /^(.*):(\d+):\d+$/.exec(lines[i + 1] ?? "");
      const symbol = lines[i] ?? "";
      if (!place?.[1] || symbol === "??") continue;
      const name = remember(names, symbol, () => sourceName(symbol, source.nameMap));
      const file = remember(files, place[1], (found) =>
        found === "??" ? "" : relativeFile(found, source.projectRoot),
      );
      chain.push({ function: name, file, line: Number(place[2]) });
    }
    return chain;
  });
}

/** gcc and clang append .cold, .part.0, .isra.0 … to the symbols of the pieces that they split a function into. */
function sourceName(symbol: string, nameMap: NameMap): string {
  const whole = symbol.replace(/(\.(cold|part|isra|constprop|llvm|\d+))+$/, "");
  return nameMap[symbol] ?? nameMap[whole] ?? whole;
}

function relativeFile(file: string, projectRoot: string): string {
  const relative = path.relative(projectRoot, path.resolve(projectRoot, file));
  return relative.startsWith("..") ? file : relative;
}

function remember<K, V>(known: Map<K, V>, key: K, compute: (key: K) => V): V {
  const value = known.get(key) ?? compute(key);
  known.set(key, value);
  return value;
}
