/** The figures of devices: how one is worked out of what was measured, and how it stands beside Linux. */
import { grid, type Row } from "../core/report.ts";

/** What one operation of a load took. */
export interface Cost {
  /** Nanoseconds on the clock of the machine. */
  readonly time: number;
  /** Nanoseconds for which the guest had the processor. */
  readonly cpu: number;
  readonly hypercalls?: number;
  readonly eventCalls?: number;
}

/** Something that both guests do many times. */
export interface Load {
  readonly name: string;
  readonly title: string;
  /** How its speed is told. */
  readonly speed: "latency" | "rate" | "bandwidth";
  /** Of one operation; for a bandwidth. */
  readonly bytes: number;
}

/** One row of `--json`; `better` says which way. */
export interface IoRow extends Row {
  readonly better: "less" | "more";
  /** Whether this kernel is at or ahead of Linux, to a hundredth. */
  readonly ahead: boolean | null;
}

type Figure = readonly [
  name: string,
  title: string,
  unit: string,
  better: IoRow["better"],
  of: (cost: Cost, load: Load) => number | undefined,
];

const speeds: Readonly<Record<Load["speed"], Figure>> = {
  latency: ["time", "time", "ns", "less", ({ time }) => time],
  rate: ["rate", "a second", "/s", "more", ({ time }) => 1e9 / time],
  bandwidth: ["bandwidth", "MB/s", "MB/s", "more", ({ time }, { bytes }) => (bytes * 1e3) / time],
};
const costs: readonly Figure[] = [
  ["cpu", "guest CPU", "ns", "less", ({ cpu }) => cpu],
  ["hypercalls", "hypercalls", "calls", "less", ({ hypercalls }) => hypercalls],
  ["event-calls", "event channel", "calls", "less", ({ eventCalls }) => eventCalls],
];

/** Each load's figures, measured or not. */
export function toRows(
  loads: readonly Load[],
  own: ReadonlyMap<string, Cost>,
  linux: ReadonlyMap<string, Cost>,
): IoRow[] {
  return loads.flatMap((load) =>
    [speeds[load.speed], ...costs].map((figure) =>
      toRow(figure, load, own.get(load.name), linux.get(load.name)),
    ),
  );
}

function toRow([name, title, unit, better, of]: Figure, load: Load, own?: Cost, linux?: Cost): IoRow {
  const value = own === undefined ? undefined : of(own, load);
  const peerValue = linux === undefined ? undefined : of(linux, load);
  const ratio = value === undefined || peerValue === undefined || peerValue === 0 ? null : value / peerValue;
  return {
    name: `${load.name}.${name}`,
    title,
    group: load.title,
    value: rounded(value),
    unit,
    peer: peerValue === undefined ? null : "Linux",
    peerValue: rounded(peerValue),
    ratio: ratio === null ? null : Math.round(ratio * 1000) / 1000,
    better,
    ahead: ratio === null ? null : isAhead(better, value!, peerValue!),
  };
}

/** To a hundredth of Linux's figure, or of the unit: a count of few calls is off by one easily. */
function isAhead(better: IoRow["better"], value: number, peerValue: number): boolean {
  const loss = better === "less" ? value - peerValue : peerValue - value;
  return loss <= peerValue / 100 || rounded(value) === rounded(peerValue);
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 100) / 100;
}

/** One line for each load: each figure that was measured, Linux's, and the ratio; then those in which Linux is ahead. */
export function toTable(rows: readonly IoRow[]): string {
  const measured = rows.filter(({ value, peerValue }) => value !== null || peerValue !== null);
  const titles = ["speed", ...costs.map(([, title]) => title)].filter((title) =>
    measured.some((row) => columnOf(row) === title),
  );
  const lines = [...new Set(measured.map(({ group }) => group))].map((group) => [
    group,
    ...titles.flatMap((title) =>
      cells(measured.find((row) => row.group === group && columnOf(row) === title)),
    ),
  ]);
  const header = ["", ...titles.flatMap((title) => [title, "Linux", "ratio"])];
  const behind = measured.filter(({ ahead }) => ahead === false).map(({ name }) => name);
  const verdict =
    behind.length === 0
      ? "At or ahead of Linux in every figure."
      : `Linux is ahead in: ${behind.join(", ")}.`;
  return `${grid([header, ...lines])}\n\n${verdict}`;
}

/** The speed of each load has a column in common, whatever its unit. */
function columnOf(row: IoRow): string {
  return costs.some(([, title]) => title === row.title) ? row.title : "speed";
}

function cells(row: IoRow | undefined): string[] {
  if (row === undefined) return ["", "", ""];
  return [shown(row.value, row.unit), shown(row.peerValue, row.unit), row.ratio?.toFixed(2) ?? ""];
}

function shown(value: number | null, unit: string): string {
  if (value === null) return "";
  if (unit === "ns") return `${(value / 1000).toFixed(1)} us`;
  if (unit === "calls") return value.toFixed(2);
  return `${Math.round(value)} ${unit}`;
}
