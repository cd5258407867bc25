/** Rows for machines, and the table for people. */
import { bootFigures, figures, recorded, type Figure } from "./figures.ts";
import type { Measured } from "./lines.ts";

/** One row of `--json`. `ratio` is of `value` to what `peer` names. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** Null where the kernel does not print the figure. */
  readonly value: number | null;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  /** Xen's own share, measured in the same run, and the ratio to it. */
  readonly floor?: { readonly name: string; readonly value: number; readonly ratio: number };
}

/** All that was measured. */
export interface Measurements {
  readonly core: ReadonlyMap<string, Measured>;
  /** By megabytes of memory. */
  readonly boots: ReadonlyMap<number, ReadonlyMap<string, Measured>>;
  readonly image: { readonly stripped: number; readonly gzip: number; readonly lineTable: number };
  /** The peer's figures by row name, if one was run. */
  readonly peer?: ReadonlyMap<string, number>;
}

const recordedName = "Mini-OS (recorded)";
const peerName = "peer";

/** Each figure as a row, measured or not. */
export function toRows(measurements: Measurements): Row[] {
  const { core, boots, image, peer } = measurements;
  const size = (name: string, title: string, value: number): Row =>
    toRow({ name, title, unit: "bytes", group: "Image" }, { value, unit: "bytes" }, new Map(), peer);
  return [
    ...[...figures, ...unlisted(core)].map((figure) => toRow(figure, core.get(figure.name), core, peer)),
    ...[...boots].flatMap(([memoryMb, found]) =>
      bootFigures.map((figure) => {
        const row = { ...figure, name: `${figure.name}@${memoryMb}`, group: `Boot, ${memoryMb} MB` };
        return toRow(row, found.get(figure.name), found, peer);
      }),
    ),
    size("image.stripped", "stripped ELF", image.stripped),
    size("image.line-table", "of it, the line table for backtraces", image.lineTable),
    size("image.gzip", "stripped ELF, gzip -9", image.gzip),
  ];
}

/** What a guest measured that nobody has described yet. */
function unlisted(core: ReadonlyMap<string, Measured>): Figure[] {
  const names = new Set(figures.map((figure) => figure.name));
  const others = [...core].filter(([name]) => !names.has(name));
  return others.map(([name, { unit }]) => ({ name, title: name, unit, group: "Others" }));
}

function toRow(
  figure: Figure,
  own: Measured | undefined,
  run: ReadonlyMap<string, Measured>,
  peer: ReadonlyMap<string, number> | undefined,
): Row {
  const measuredPeer = peer?.get(figure.name);
  const peerValue = measuredPeer ?? recorded.figures[figure.name] ?? null;
  const floor = figure.floor === undefined ? undefined : run.get(figure.floor);
  return {
    name: figure.name,
    title: figure.title,
    group: figure.group,
    value: own?.value ?? null,
    unit: figure.unit,
    peer: peerValue === null ? null : measuredPeer === undefined ? recordedName : peerName,
    peerValue,
    ratio: own && peerValue !== null ? round(own.value / peerValue) : null,
    ...(own && floor && figure.floor !== undefined
      ? { floor: { name: figure.floor, value: floor.value, ratio: round(own.value / floor.value) } }
      : {}),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The rows as Markdown tables, then what was not measured. */
export function toTable(rows: readonly Row[]): string {
  const measured = rows.filter((row) => row.value !== null);
  const missing = rows.filter((row) => row.value === null);
  const withPeer = rows.some((row) => row.peer === peerName);
  const groups = [...new Set(measured.map((row) => row.group))];
  const header = [
    "",
    "xenlet",
    withPeer ? `${recordedName} or ${peerName} *` : recordedName,
    "ratio",
    "floor",
    "ratio",
  ];
  const parts = groups.map((name) => {
    const lines = measured.filter((row) => row.group === name).map(toCells);
    return grid([[name, ...header.slice(1)], ...lines]);
  });
  const list = missing.map((row) => `${row.title} (${row.name})`);
  return [...parts, ...(list.length > 0 ? [`Not measured: ${list.join("; ")}.`] : [])].join("\n\n");
}

function toCells(row: Row): string[] {
  return [
    row.title,
    row.value === null ? "" : amount(row.value, row.unit),
    row.peerValue === null ? "" : amount(row.peerValue, row.unit) + (row.peer === peerName ? " *" : ""),
    row.ratio?.toFixed(2) ?? "",
    row.floor === undefined ? "" : amount(row.floor.value, row.unit),
    row.floor?.ratio.toFixed(2) ?? "",
  ];
}

/** A value with a unit that suits its size. */
export function amount(value: number, unit: string): string {
  if (unit === "bytes")
    return value >= 10 * 1024 * 1024 ? `${digits(value / 1048576)} MB` : `${digits(value / 1024)} KB`;
  if (unit !== "ns") return `${value}`;
  return value >= 100_000 ? `${digits(value / 1_000_000)} ms` : `${digits(value)} ns`;
}

function digits(value: number): string {
  return value.toFixed(value >= 1000 ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** A Markdown table; its first row is the header. */
export function grid(table: readonly (readonly string[])[]): string {
  const [header, ...rows] = table;
  const columns = (header ?? []).map((_, index) => index);
  const widths = columns.map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${columns.map((column) => pad(row[column] ?? "", widths[column] ?? 0, column)).join(" | ")} |`;
  const rule = `| ${columns.map((column) => "-".repeat((widths[column] ?? 0) - 1) + (column === 0 ? "-" : ":")).join(" | ")} |`;
  return [line(header ?? []), rule, ...rows.map(line)].join("\n");
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}
