import { shownPath } from "../source/program.ts";
import type { Place } from "../ir/ir.ts";

/** Lines of C, indented, each statement tied to its TypeScript line. */
export class Writer {
  readonly #lines: string[] = [];
  #depth = 0;

  get text(): string {
    return this.#lines.join("\n");
  }

  line(text: string): void {
    this.#lines.push(text === "" ? "" : "  ".repeat(this.#depth) + text);
  }

  /** What follows comes from `at`. */
  at(at: Place): void {
    if (at.line > 0) this.#lines.push(`#line ${at.line} "${shownPath(at.file)}"`);
  }

  block(head: string, body: () => void, tail = "}"): void {
    this.line(head === "" ? "{" : `${head} {`);
    this.#depth++;
    body();
    this.#depth--;
    this.line(tail);
  }

  /** The lines that `body` writes, apart from the rest. */
  capture(body: () => void): string[] {
    const start = this.#lines.length;
    body();
    return this.#lines.splice(start);
  }

  raw(lines: readonly string[]): void {
    this.#lines.push(...lines);
  }
}

/** A place as it is shown when a check fails there. */
export function placeText(at: Place): string {
  return JSON.stringify(`${shownPath(at.file)}:${at.line}`);
}
