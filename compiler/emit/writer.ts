import { shownPath } from "../source/program.ts";
import type { Place } from "../ir/ir.ts";

/** Lines of C, indented, each tied to the TypeScript line that it comes from. */
export class Writer {
  readonly #lines: string[] = [];
  #depth = 0;
  /** Where the lines that are being written come from. */
  #wanted: { readonly file: string; readonly line: number } | undefined;
  /** Where C believes the next line to be. */
  #believed: { readonly file: string; readonly line: number } | undefined;

  get text(): string {
    return this.#lines.join("\n");
  }

  line(text: string): void {
    const wanted = this.#wanted;
    if (wanted !== undefined) {
      const follows = this.#believed?.file === wanted.file && this.#believed.line === wanted.line;
      if (!follows) this.#lines.push(`#line ${wanted.line} ${JSON.stringify(wanted.file)}`);
      this.#believed = { file: wanted.file, line: wanted.line + 1 };
    }
    this.#lines.push("  ".repeat(this.#depth) + text);
  }

  /** What follows, up to the next call, comes from `at`. */
  at(at: Pick<Place, "file" | "line">): void {
    this.#wanted = { file: shownPath(at.file), line: at.line };
  }

  /** `head { body }`; an empty `tail` leaves the closing to the next block. */
  block(head: string, body: () => void, tail: string = "}"): void {
    this.line(head === "" ? "{" : `${head} {`);
    this.#depth++;
    body();
    this.#depth--;
    if (tail !== "") this.line(tail);
  }
}

/** A place as it is shown when a check fails there. */
export function placeText(at: Place): string {
  return JSON.stringify(`${shownPath(at.file)}:${at.line}`);
}
