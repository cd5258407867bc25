import { catalogue, type DiagnosticName } from "./catalogue.ts";

/** A stretch of source text. `start` and `length` count UTF-16 units of the file's text, as TypeScript does. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** Something the programmer must change. `code` is ours (`XL2001`) or TypeScript's own (`TS2322`). */
export interface Diagnostic {
  readonly code: string;
  readonly span: Span | undefined;
  readonly message: string;
  /** What to write instead, or where to look. */
  readonly help: string | undefined;
  /** Other places that matter, such as each step of a call chain. */
  readonly related: readonly { readonly span: Span; readonly message: string }[];
}

/** The diagnostic `name` of the catalogue with its `{0}`, `{1}` … filled in. */
export function diagnostic(
  name: DiagnosticName,
  span: Span | undefined,
  arguments_: readonly string[],
  related: Diagnostic["related"] = [],
): Diagnostic {
  const entry = catalogue[name];
  const fill = (text: string): string =>
    text.replace(/\{(\d)\}/g, (_, i: string) => arguments_[Number(i)] ?? "?");
  return { code: `XL${entry.code}`, span, message: fill(entry.message), help: fill(entry.help), related };
}
