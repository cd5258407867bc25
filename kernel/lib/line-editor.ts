/** Makes lines out of keystrokes: pure, so that any console can have it. */
import { isPrintable } from "./bytes.ts";

/** What a keystroke did, for whoever echoes it. */
export const enum Keystroke {
  /** Nothing to see. */
  Ignored,
  /** The byte is in the line: echo it. */
  Added,
  /** The last character is gone: step back, blank, step back. */
  Removed,
  /** The whole line is gone: as `Removed`, `columns` times. */
  Cleared,
  /** `line()` is complete; `start` makes room for the next one. */
  Completed,
}

const backspace = 0x08;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const controlU = 0x15;
const escape = 0x1b;
const deleteKey = 0x7f;

@struct
export class LineEditor {
  readonly bytes = new FixedArray<u8, 120>();
  length: usize = 0;
  /** Columns that were cleared, after `Keystroke.Cleared`. */
  cleared: usize = 0;
  /** The last byte was a carriage return: a line feed right after it belongs to it. */
  afterReturn: boolean = false;
  /** Bytes of an escape sequence are on their way: 1 after ESC, 2 inside `ESC [`. */
  escaping: u8 = 0;

  /** The line so far. */
  line(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }

  start(): void {
    this.length = 0;
  }

  /** Takes one byte from the terminal. */
  feed(byte: u8): Keystroke {
    const secondOfPair = this.afterReturn && byte === lineFeed;
    this.afterReturn = byte === carriageReturn;
    if (secondOfPair) return Keystroke.Ignored;
    if (this.skipsEscape(byte)) return Keystroke.Ignored;

    switch (byte) {
      case carriageReturn:
      case lineFeed:
        return Keystroke.Completed;
      case backspace:
      case deleteKey:
        return this.removeCharacter() ? Keystroke.Removed : Keystroke.Ignored;
      case controlU:
        this.cleared = this.columns();
        this.length = 0;
        return Keystroke.Cleared;
      default:
        return this.add(byte) ? Keystroke.Added : Keystroke.Ignored;
    }
  }

  /** Arrow keys and their like come as ESC [ … letter; none of it belongs in a line. */
  skipsEscape(byte: u8): boolean {
    if (this.escaping === 0) {
      if (byte !== escape) return false;
      this.escaping = 1;
      return true;
    }
    const introducer = this.escaping === 1 && (byte === 0x5b || byte === 0x4f);
    const final = byte >= 0x40 && byte <= 0x7e;
    if (introducer) this.escaping = 2;
    else if (this.escaping === 1 || final) this.escaping = 0;
    return true;
  }

  add(byte: u8): boolean {
    if (!isPrintable(byte) || this.length >= this.bytes.length) return false;
    this.bytes[this.length] = byte;
    this.length++;
    return true;
  }

  /** Removes one UTF-8 character: its continuation bytes, then its first byte. */
  removeCharacter(): boolean {
    if (this.length === 0) return false;
    do this.length--;
    while (this.length > 0 && isContinuation(this.bytes[this.length]));
    return true;
  }

  /** Characters in the line, each taken as one column. */
  columns(): usize {
    let count: usize = 0;
    for (const byte of this.line()) {
      if (!isContinuation(byte)) count++;
    }
    return count;
  }
}

/** A byte of a UTF-8 character that is not its first. */
function isContinuation(byte: u8): boolean {
  return (byte & 0xc0) === 0x80;
}
