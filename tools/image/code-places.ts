/** Names an address of the text for people: by the line table (TypeScript function, file, line), else by the ELF symbol. */
import { LineTableError, readLineTable, type LineTable } from "../../compiler/build/line-table.ts";
import { readFunctionSymbols, type ElfImage } from "./elf.ts";
import { hex } from "./finding.ts";

/** Describes an address: "main (kernel/main.ts:12) at 0x…", or as much of it as the image knows. */
export type PlaceNamer = (address: bigint) => string;

/** Reads the tables once. A line table that does not fit is as good as none. */
export function openPlaces(elf: ElfImage): PlaceNamer {
  const table = openLineTable(elf);
  const symbols = readFunctionSymbols(elf);
  return (address) => {
    const frame = lookUp(table, address);
    if (frame) return `${frame.function} (${frame.file}:${frame.line}) at ${hex(address)}`;
    const symbol = symbols.findLast((candidate) => candidate.address <= address);
    if (symbol && address < symbol.address + symbol.size) return `${symbol.name} at ${hex(address)}`;
    return hex(address);
  };
}

function openLineTable(elf: ElfImage): LineTable | undefined {
  const section = elf.sections.find(({ name }) => name === ".line_table");
  const bytes = section && elf.slice(section.offset, section.size);
  return bytes && orNothing(() => readLineTable(bytes));
}

function lookUp(
  table: LineTable | undefined,
  address: bigint,
): ReturnType<LineTable["lookup"]>[number] | undefined {
  return table && orNothing(() => table.lookup(address))?.[0];
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof LineTableError) return undefined;
    throw error;
  }
}
