//> help: help|
//> taken back: halt|
//> pairs: one|two||
//> two bytes go as one: aä|
//> unknown sequences: arrow|
//> Ctrl-U: new|
//> Ctrl-U in the middle: halt|
//> in the middle: halt now|
//> Home and End: (halt)|
//> the letters of Emacs: (halt)|
//> Delete: halt|
//> Ctrl-K: halt|
//> Ctrl-W: one three|
//> Ctrl-C: |halt|
//> the line before: a|b|b|
//> back to the draft: a|draft|
//> an old line edited: ab|abc|
//> completed: halt|
//> nothing to complete: hex|
//> wide and combining: 漢字|
//> broken bytes: aäb|
//> a broken sequence: ab|
//> full at 120
//> random keys: the screen shows the line, 2000 times
import { print } from "xenlet:host";
import type { ByteSink } from "../../../kernel/lib/format.ts";
import { LineEditor, type Completer } from "../../../kernel/lib/line-editor.ts";
import { LineHistory } from "../../../kernel/lib/line-history.ts";
import { columnsOf, endOfCharacter } from "../../../kernel/lib/utf8.ts";

/** A terminal's line: what stands in each column, as the place of its character in `written`. */
@struct
class Screen implements ByteSink {
  readonly characters = new FixedArray<u32, 400>();
  column: usize = 0;

  clear(): void {
    this.column = 0;
    for (let at: usize = 0; at < this.characters.length; at++) this.characters[at] = 0x20;
  }

  /** Characters of one byte, or wide ones of three: enough for the random keys. */
  write(bytes: Slice<u8>): void {
    for (let at: usize = 0; at < bytes.length; at = endOfCharacter(bytes, at)) {
      const character = bytes.slice(at, endOfCharacter(bytes, at));
      if (character[0] === 0x08) {
        assert(this.column > 0, "the cursor does not leave the line");
        this.column--;
        continue;
      }
      if (character[0] < 0x20 || columnsOf(character) === 0) continue;
      this.characters[this.column] = character[character.length - 1];
      if (columnsOf(character) === 2) this.characters[this.column + 1] = 0;
      this.column += columnsOf(character);
    }
  }

  shows(line: Slice<u8>): boolean {
    let column: usize = 0;
    for (let at: usize = 0; at < line.length; at = endOfCharacter(line, at)) {
      const character = line.slice(at, endOfCharacter(line, at));
      if (columnsOf(character) === 0) continue;
      if (this.characters[column] !== character[character.length - 1]) return false;
      column += columnsOf(character);
    }
    for (; column < this.characters.length; column++) {
      if (this.characters[column] !== 0x20) return false;
    }
    return true;
  }
}

const screen = new Screen();

@struct
class Halt implements Completer {
  complete(line: Slice<u8>): Slice<u8> {
    return line.equals("ha".bytes()) ? "lt".bytes() : "".bytes();
  }
}
const halt = new Halt();

@struct
class Lines {
  readonly bytes = new FixedArray<u8, 200>();
  length: usize = 0;
  add(line: Slice<u8>): void {
    this.bytes.slice(this.length).copyFrom(line);
    this.length += line.length;
    this.bytes[this.length] = 0x7c;
    this.length++;
  }
}

/** Every line that the keys complete, with a bar after each. */
function typeBytes(what: string, keys: Slice<u8>): void {
  const history = new LineHistory();
  const editor = new LineEditor(history, halt);
  const lines = new Lines();
  screen.clear();
  for (const key of keys) {
    const complete = editor.feed(key, screen);
    if (!complete) {
      assert(screen.shows(editor.line()), "the screen shows the line");
      continue;
    }
    lines.add(editor.line());
    editor.start();
    screen.clear();
  }
  print(`${what}: ${text(lines.bytes.slice(0, lines.length))}`);
}

function type(what: string, keys: string): void {
  typeBytes(what, keys.bytes());
}

const keys: FixedArray<string, 20> = [
  "a",
  "b",
  " ",
  "漢",
  "x",
  "\x1b[D",
  "\x1b[C",
  "\x1b[H",
  "\x1b[F",
  "\x7f",
  "\x1b[3~",
  "\x0b",
  "\x15",
  "\x17",
  "\x1b[A",
  "\x1b[B",
  "語",
  "\x01",
  "\x1bOD",
  "c",
];

function typeAtRandom(steps: u32): void {
  const history = new LineHistory();
  const editor = new LineEditor(history, null);
  let random: u32 = 4711;
  let right: u32 = 0;
  screen.clear();
  for (let step: u32 = 0; step < steps; step++) {
    random = random * 1664525 + 1013904223;
    const choice: u32 = (random >> 8) % 21;
    const sequence = choice === 20 ? "\r" : keys[choice];
    for (const byte of sequence.bytes()) {
      if (!editor.feed(byte, screen)) continue;
      editor.start();
      screen.clear();
    }
    if (choice === 3) {
      screen.clear(); // something else was written, and the line is shown again behind it
      editor.redraw(screen);
    }
    if (screen.shows(editor.line()) && screen.column === columnsOf(editor.line().slice(0, editor.cursor)))
      right++;
  }
  print(`random keys: the screen shows the line, ${right} times`);
}

export function main(): i32 {
  type("help", "help\r");
  type("taken back", "\x7fhex\b\x7falt\n"); // nothing to take back at first
  type("pairs", "one\r\ntwo\n\n"); // CR LF ends one line, LF LF two
  type("two bytes go as one", "aäö\x7f\r");
  type("unknown sequences", "a\x1b[Pr\x1bOQr\x1b[15~ow\r");
  type("Ctrl-U", "old\x15new\r");
  type("Ctrl-U in the middle", "wronghalt\x1b[D\x1b[D\x1b[D\x1b[D\x15\r");
  type("in the middle", "hlt now\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D\x1b[Da\r");
  type("Home and End", "halt\x1b[H(\x1bOF)\r");
  type("the letters of Emacs", "alt\x01h\x02(\x06\x05)\r");
  type("Delete", "haalt\x1b[1~\x1b[C\x1b[3~\r");
  type("Ctrl-K", "halt now\x1b[D\x1b[D\x1b[D\x1b[1;5D\x0b\r");
  type("Ctrl-W", "one two  \x17three\r");
  type("Ctrl-C", "wrong\x03halt\r");
  type("the line before", "a\rb\r\x1b[A\x1b[A\x1b[A\x1b[B\r");
  type("back to the draft", "a\rdraft\x1b[A\x1b[B\x1b[B\r");
  type("an old line edited", "ab\r\x1b[Ac\r");
  type("completed", "ha\t\r");
  type("nothing to complete", "he\tx\t\r");
  type("wide and combining", "漢e\u0301\x1b[D\x1b[C\x7f字\r");
  const broken: FixedArray<u8, 12> = [0x61, 0xff, 0x80, 0xc3, 0xa4, 0xc2, 0x85, 0xe2, 0x82, 0x62, 0xc3, 0x0d];
  typeBytes("broken bytes", broken);
  type("a broken sequence", "a\x1b\x1b[1\x1bZb\r");
  const history = new LineHistory();
  const editor = new LineEditor(history, null);
  screen.clear();
  for (let i: u32 = 0; i < 500; i++) editor.feed(0x61, screen);
  print(`full at ${editor.length}`);
  typeAtRandom(2000);
  return 0;
}
