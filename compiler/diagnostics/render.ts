/** Diagnostics as text for a person: place, message, the source line with carets, what to do. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Diagnostic, Span } from "./diagnostic.ts";

export interface RenderOptions {
  readonly color: boolean;
  /** The text of a source file; from disk where absent. */
  readonly readSource?: (file: string) => string;
}

/** Whether text for `stream` is coloured: on a terminal or where FORCE_COLOR asks, never where NO_COLOR forbids. */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if ((environment.NO_COLOR ?? "") !== "") return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream.isTTY === true;
}

/** All diagnostics, in the order of their places, with their number at the end. Ends with a line feed. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const renderer = new Renderer(options);
  const parts = inOrder(diagnostics).map((one) => renderer.diagnostic(one));
  return [...parts, renderer.summary(diagnostics)].join("\n\n") + "\n";
}

/** By file in the order of first mention, then by place. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(diagnostics.map((one) => one.span?.file))];
  const rank = (one: Diagnostic): number => files.indexOf(one.span?.file);
  return [...diagnostics].sort((a, b) => rank(a) - rank(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

const escapes = { bold: "1", red: "31", cyan: "36", yellow: "33", dim: "2", inverse: "7" } as const;

/** A span as people count: lines and columns from 1. */
interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** How many columns of `text` the span covers; a span over several lines is shown up to the end of its first. */
  readonly width: number;
}

class Renderer {
  readonly #options: RenderOptions;
  readonly #sources = new Map<string, string | undefined>();

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  diagnostic(one: Diagnostic): string {
    const snippet = one.span === undefined ? undefined : this.#snippet(one.span);
    const place = snippet === undefined ? "" : `${this.#place(snippet)} - `;
    const head = `${place}${this.#style("error", "red", "bold")} ${this.#style(`${one.code}:`, "dim")} ${one.message}`;
    const parts = [head];
    if (snippet !== undefined) parts.push("", ...this.#source(snippet, "^", "red", ""));
    if (one.help !== undefined && one.help !== "") {
      parts.push("", `${this.#style("help:", "bold")} ${one.help}`);
    }
    for (const related of one.related) parts.push("", ...this.#related(related.span, related.message));
    return parts.join("\n");
  }

  summary(diagnostics: readonly Diagnostic[]): string {
    const files = new Set(diagnostics.flatMap((one) => (one.span === undefined ? [] : [one.span.file])));
    const errors = `${diagnostics.length} error${diagnostics.length === 1 ? "" : "s"}`;
    return files.size > 1 ? `Found ${errors} in ${files.size} files.` : `Found ${errors}.`;
  }

  #related(span: Span, message: string): string[] {
    const snippet = this.#snippet(span);
    if (snippet === undefined) return [`  ${span.file}: ${message}`];
    return [`  ${this.#place(snippet)} - ${message}`, ...this.#source(snippet, "~", "cyan", "  ")];
  }

  #place({ file, line, column }: Snippet): string {
    const shown = relative(process.cwd(), file);
    return `${this.#style(shown, "cyan")}:${this.#style(String(line), "yellow")}:${this.#style(String(column), "yellow")}`;
  }

  /** The source line under its number, and the mark under the span. */
  #source(snippet: Snippet, mark: string, color: "red" | "cyan", indent: string): string[] {
    const number = String(snippet.line);
    // Tabs stay tabs, so that the mark stands under the span however wide the terminal shows them.
    const pad = snippet.text.slice(0, snippet.column - 1).replace(/[^\t]/g, " ");
    const marks = mark.repeat(Math.max(1, snippet.width));
    return [
      `${indent}${this.#style(number, "inverse")} ${snippet.text}`.trimEnd(),
      `${indent}${this.#style(" ".repeat(number.length), "inverse")} ${pad}${this.#style(marks, color)}`,
    ];
  }

  #snippet({ file, start, length }: Span): Snippet | undefined {
    const source = this.#read(file);
    if (source === undefined) return undefined;
    const at = Math.min(start, source.length);
    const lineStart = source.lastIndexOf("\n", at - 1) + 1;
    const lineEnd = source.indexOf("\n", at);
    const text = source.slice(lineStart, lineEnd < 0 ? source.length : lineEnd).replace(/\r$/, "");
    const column = at - lineStart + 1;
    const line = source.slice(0, lineStart).split("\n").length;
    return { file, line, column, text, width: Math.min(length, text.length - column + 1) };
  }

  #read(file: string): string | undefined {
    if (!this.#sources.has(file)) {
      const read = this.#options.readSource ?? ((name: string) => readFileSync(name, "utf8"));
      let text: string | undefined;
      try {
        text = read(file);
      } catch {
        text = undefined; // the place is then told without its line
      }
      this.#sources.set(file, text);
    }
    return this.#sources.get(file);
  }

  #style(text: string, ...styles: (keyof typeof escapes)[]): string {
    if (!this.#options.color) return text;
    return `\x1b[${styles.map((style) => escapes[style]).join(";")}m${text}\x1b[0m`;
  }
}
