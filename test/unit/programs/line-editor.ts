//> help|
//> halt|
//> one|two||
//> aä|
//> arrow|
//> new|
//> full at 120
import { print } from "xenlet:host";
import { Keystroke, LineEditor } from "../../../kernel/lib/line-editor.ts";

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
function type(keys: string): void {
  const editor = new LineEditor();
  const lines = new Lines();
  for (const key of keys.bytes()) {
    if (editor.feed(key) !== Keystroke.Completed) continue;
    lines.add(editor.line());
    editor.start();
  }
  print(`${text(lines.bytes.slice(0, lines.length))}`);
}

export function main(): i32 {
  type("help\r");
  type("\x7fhex\b\x7falt\n"); // nothing to take back at first
  type("one\r\ntwo\n\n"); // CR LF ends one line, LF LF two
  type("aäö\x7f\r"); // a character of two bytes goes as one
  type("a\x1b[Ar\x1bOBr\x1b[15~ow\r"); // keys that send escape sequences
  type("old\x15new\r");
  const editor = new LineEditor();
  let taken: u32 = 0;
  for (let i: u32 = 0; i < 500; i++) {
    if (editor.feed(0x61) === Keystroke.Added) taken++;
  }
  print(`full at ${taken}`);
  return 0;
}
