/**
 * Makes lines out of keystrokes, and keeps the screen in step: pure, so that any console can have it. The screen is told
 * nothing but characters, blanks and backspaces, so every terminal will do, as long as a line fits its width.
 */
import { isBlank } from "./bytes.ts";
import type { ByteSink } from "./format.ts";
import { Key, KeyDecoder } from "./keys.ts";
import type { LineHistory } from "./line-history.ts";
import { columnsOf, nextStop, previousStop } from "./utf8.ts";

/** Knows how a line can go on. */
export interface Completer {
  /** What must follow `line`; nothing where there is no way to go on, or several. */
  complete(line: Slice<u8>): Slice<u8>;
}

@struct
export class LineEditor {
  /** As many as `longestLine`. */
  readonly bytes = new FixedArray<u8, 120>();
  length: usize = 0;
  /** Where the next character goes, in bytes: always between two characters. */
  cursor: usize = 0;
  readonly keys = new KeyDecoder();
  readonly history: LineHistory;
  readonly completer: Completer | null;

  constructor(history: LineHistory, completer: Completer | null) {
    this.history = history;
    this.completer = completer;
  }

  /** The line so far: well-formed UTF-8 without control characters. */
  line(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }

  /** Begins the next line. */
  start(): void {
    this.length = 0;
    this.cursor = 0;
  }

  /** Takes one byte from the terminal, and shows on `screen` what it changes; true when `line()` is complete. */
  feed(byte: u8, screen: ByteSink): boolean {
    switch (this.keys.feed(byte)) {
      case Key.None:
        break;
      case Key.Character:
        this.insert(this.keys.character(), screen);
        break;
      case Key.Enter:
        this.history.add(this.line());
        screen.write("\n".bytes());
        return true;
      case Key.Interrupt:
        this.start();
        screen.write("^C\n".bytes());
        return true;
      case Key.Tab:
        this.complete(screen);
        break;
      case Key.Left:
        this.moveTo(previousStop(this.line(), this.cursor), screen);
        break;
      case Key.Right:
        this.moveTo(nextStop(this.line(), this.cursor), screen);
        break;
      case Key.Home:
        this.moveTo(0, screen);
        break;
      case Key.End:
        this.moveTo(this.length, screen);
        break;
      case Key.Up:
        this.show(this.history.older(this.line()), screen);
        break;
      case Key.Down:
        this.show(this.history.newer(), screen);
        break;
      case Key.Backspace:
        this.remove(previousStop(this.line(), this.cursor), this.cursor, screen);
        break;
      case Key.Delete:
        this.remove(this.cursor, nextStop(this.line(), this.cursor), screen);
        break;
      case Key.KillToEnd:
        this.remove(this.cursor, this.length, screen);
        break;
      case Key.KillToStart:
        this.remove(0, this.cursor, screen);
        break;
      case Key.KillWord:
        this.remove(this.startOfWord(), this.cursor, screen);
        break;
    }
    return false;
  }

  /** Shows the line where nothing is shown of it, with the cursor in its place. */
  redraw(screen: ByteSink): void {
    screen.write(this.line());
    stepBack(columnsOf(this.bytes.slice(this.cursor, this.length)), screen);
  }

  /** Where the word before the cursor begins. */
  startOfWord(): usize {
    let start = this.cursor;
    while (start > 0 && isBlank(this.bytes[start - 1])) start--;
    while (start > 0 && !isBlank(this.bytes[start - 1])) start--;
    return start;
  }

  complete(screen: ByteSink): void {
    if (this.cursor < this.length) return;
    const rest = this.completer?.complete(this.line()) ?? this.bytes.slice(0, 0);
    if (rest.length > 0) this.insert(rest, screen);
    else screen.write("\x07".bytes());
  }

  /** Puts another line in this one's place. */
  show(line: Slice<u8> | null, screen: ByteSink): void {
    if (line === null) return;
    this.remove(0, this.length, screen);
    this.insert(line, screen);
  }

  moveTo(place: usize, screen: ByteSink): void {
    if (place > this.cursor) screen.write(this.bytes.slice(this.cursor, place));
    else stepBack(columnsOf(this.bytes.slice(place, this.cursor)), screen);
    this.cursor = place;
  }

  /** Puts whole characters in at the cursor, which then stands after them; a line that would get too long stays as it is. */
  insert(text: Slice<u8>, screen: ByteSink): void {
    if (text.length > this.bytes.length - this.length) return;
    for (let from: usize = this.length; from > this.cursor; from--) {
      this.bytes[from - 1 + text.length] = this.bytes[from - 1];
    }
    this.bytes.slice(this.cursor).copyFrom(text);
    this.length += text.length;
    screen.write(this.bytes.slice(this.cursor, this.length));
    this.cursor += text.length;
    stepBack(columnsOf(this.bytes.slice(this.cursor, this.length)), screen);
  }

  /** Takes the characters from `start` to `end` out; the cursor then stands at `start`. */
  remove(start: usize, end: usize, screen: ByteSink): void {
    this.moveTo(start, screen);
    const gap = columnsOf(this.bytes.slice(start, end));
    for (let from: usize = end; from < this.length; from++) {
      this.bytes[start + from - end] = this.bytes[from];
    }
    this.length -= end - start;
    const tail = this.bytes.slice(start, this.length);
    screen.write(tail);
    for (let column: usize = 0; column < gap; column++) screen.write(" ".bytes());
    stepBack(gap + columnsOf(tail), screen);
  }
}

function stepBack(columns: usize, screen: ByteSink): void {
  for (let column: usize = 0; column < columns; column++) screen.write("\b".bytes());
}
