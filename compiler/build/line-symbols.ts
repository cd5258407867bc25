/**
 * Reads the DWARF of a linked image into line ranges, with LLVM's own tools: `llvm-dwarfdump` says where a row of the line
 * program begins, `llvm-symbolizer` which (inlined) functions an address belongs to. binutils' addr2line gives the same
 * chains but searches linearly, which takes seconds on a kernel.
 */
import path from "node:path";

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

/** Ranges of the whole text, sorted by start, each up to the next; a sequence's end opens a gap. */
export async function readLineRanges(source: LineSource): Promise<LineRange[]> {
  const { starts, ends } = await readRowAddresses(source);
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  const chains = await symbolize(source, sorted);
  const ranges = sorted.map((start, index): LineRange => ({ start, chain: chains[index] ?? [] }));
  for (const start of ends) if (!starts.has(start)) ranges.push({ start, chain: [] });
  return ranges.sort((a, b) => (a.start < b.start ? -1 : 1));
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
      const file = remember(files, place[1], (absolute) => relativeFile(absolute, source.projectRoot));
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
