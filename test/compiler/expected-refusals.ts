/** What the programs of reject/ say about themselves: `// error XL2001` at the end of a line that is refused. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Span } from "../../compiler/diagnostics/diagnostic.ts";

export interface ExpectedRefusal {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly code: string;
}

/** The refusals that a program expects, in itself and in the parts that it imports; several codes stand one after the other. */
export function refusalsIn(file: string): ExpectedRefusal[] {
  const text = readFileSync(file, "utf8");
  const own = text.split("\n").flatMap((line, index) => {
    const codes = /\/\/ error ((?:XL|TS)\d+(?: (?:XL|TS)\d+)*)$/.exec(line)?.[1]?.split(" ") ?? [];
    return codes.map((code) => ({ file, line: index + 1, code }));
  });
  const parts = [...text.matchAll(/from "(\.\/parts\/[^"]+)"/g)].map(([, part]) => part ?? "");
  return [...own, ...parts.flatMap((part) => refusalsIn(path.join(path.dirname(file), part)))];
}

/** The line of a span's start, from 1. */
export function lineOf({ file, start }: Span): number {
  return readFileSync(file, "utf8").slice(0, start).split("\n").length;
}
