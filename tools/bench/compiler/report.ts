import { forms, type FormName } from "./form.ts";
import type { Cell } from "./session.ts";
import { notWritten } from "./verdict.ts";
import { workloads } from "./workloads.ts";

/** What xenlet promises: idiomatic code with all checks on takes at most this much of C's time. */
export const GOAL = 1.05;

/** One row of `--json`. `value` is in nanoseconds an operation; `ratio` is to `peer`. */
export interface Row {
  readonly name: string;
  readonly value: number | null;
  readonly unit: "ns";
  readonly peer: string;
  readonly ratio: number | null;
  /** Instructions an operation, where they were counted. */
  readonly instructions?: number;
  /** Why there is no figure. */
  readonly failure?: string;
}

/** The cells as rows for machines. */
export function toRows(cells: readonly Cell[]): Row[] {
  return cells.map((cell) => ({
    name: `${cell.workload.symbol}/${cell.form} by ${cell.compiler}`,
    value: rounded(cell.nanoseconds),
    unit: "ns",
    peer: `C by ${cell.compiler}`,
    ratio: rounded(cell.ratio),
    ...(Number.isFinite(cell.instructions) ? { instructions: cell.instructions } : {}),
    ...(cell.verdict === "ok" ? {} : { failure: cell.verdict }),
  }));
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null;
}

/** The cells as a Markdown table per C compiler, with what each column is and whether the goal is met. */
export function toTable(cells: readonly Cell[]): string {
  const compilers = [...new Set(cells.map((cell) => cell.compiler))];
  const parts = compilers.map((compiler) => {
    const own = cells.filter((cell) => cell.compiler === compiler);
    const times = `${compiler}: C in ns an operation; the others as a ratio to it, with the range over the layouts`;
    const counts = `${compiler}: instructions an operation`;
    const counted = own.some((cell) => Number.isFinite(cell.instructions));
    return [times, grid(own, figure), ...(counted ? [counts, grid(own, instructions)] : [])].join("\n\n");
  });
  const failures = cells.filter(({ verdict }) => verdict !== "ok" && verdict !== notWritten).map(failure);
  const notes = forms.map((form) => `${form.name}: ${form.note}.`);
  return [
    ...parts,
    ...(failures.length > 0 ? [failures.join("\n")] : []),
    notes.join("\n"),
    goal(cells),
  ].join("\n\n");
}

function grid(cells: readonly Cell[], show: (cell: Cell | undefined) => string): string {
  const header = ["", ...forms.map((form) => form.name)];
  const rows = workloads.map((workload) => [
    workload.title,
    ...forms.map((form) => show(cells.find((cell) => cell.workload === workload && cell.form === form.name))),
  ]);
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

function figure(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (cell.verdict === notWritten) return "";
  if (cell.verdict !== "ok") return cell.verdict.includes("expected") ? "wrong result" : "does not run";
  if (cell.form === "C") return `${digits(cell.nanoseconds)} ns`;
  const [low, high] = cell.spread;
  return `${digits(cell.ratio)} (${digits(low)}–${digits(high)})`;
}

function instructions(cell: Cell | undefined): string {
  return cell === undefined || Number.isNaN(cell.instructions) ? "" : digits(cell.instructions);
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function failure(cell: Cell): string {
  return `${cell.form} by ${cell.compiler}, ${cell.workload.title}: ${cell.verdict}`;
}

function goal(cells: readonly Cell[]): string {
  const name: FormName = "xenlet";
  const own = cells.filter((cell) => cell.form === name);
  const over = own.filter((cell) => !(cell.ratio <= GOAL));
  const met = `Goal: xenlet at or under ${GOAL} × C. ${own.length - over.length} of ${own.length} are.`;
  const list = over.map((cell) => `${cell.workload.title} by ${cell.compiler} (${figure(cell)})`);
  return list.length === 0 ? met : `${met} Over it: ${list.join("; ")}.`;
}
