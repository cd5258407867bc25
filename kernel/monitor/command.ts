/** What the monitor can be told. A group of commands is a file with a table of these. */
import { isBlank, parseNumber } from "../lib/bytes.ts";
import type { Terminal } from "./terminal.ts";

/** The words after a command's name. */
@struct
export class Arguments {
  /** What was not taken yet. */
  rest: Slice<u8>;

  constructor(line: Slice<u8>) {
    this.rest = line;
  }

  /** The next word; empty where there is none. */
  next(): Slice<u8> {
    let start: usize = 0;
    while (start < this.rest.length && isBlank(this.rest[start])) start++;
    let end: usize = start;
    while (end < this.rest.length && !isBlank(this.rest[end])) end++;
    const word = this.rest.slice(start, end);
    this.rest = this.rest.slice(end);
    return word;
  }

  /** The next word as a number; an error where it is none. */
  nextNumber(): Result<u64> {
    return parseNumber(this.next());
  }
}

/** What a command does. It may block. */
export type Action = (terminal: Terminal, words: Arguments) => void;

export type Command = {
  readonly name: string;
  /** Its arguments, for help: `[COUNT]` may be left out. */
  readonly usage: string;
  readonly purpose: string;
  readonly action: Action;
};
