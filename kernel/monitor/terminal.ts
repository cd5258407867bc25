/** A person at a console: their lines come in, our answers go out. */
import type { Console } from "../dev/console.ts";
import { format, type ByteSink } from "../lib/format.ts";
import { Keystroke, LineEditor } from "../lib/line-editor.ts";
import type { Printer } from "../lib/printer.ts";
import { LineBuffer } from "../lib/line-buffer.ts";

@struct
export class Terminal implements ByteSink, Printer {
  readonly console: Console;
  readonly editor = new LineEditor();
  /** What has arrived and was not looked at. */
  readonly input = new FixedArray<u8, 64>();
  inputLength: usize = 0;
  inputAt: usize = 0;

  constructor(console: Console) {
    this.console = console;
  }

  write(bytes: Slice<u8>): void {
    this.console.write(bytes);
  }

  /** Writes a line. */
  print(line: Template): void {
    const buffer = new LineBuffer(this);
    format(buffer, line);
    buffer.write("\n".bytes());
    buffer.flush();
  }

  /** Asks for a line and returns it, edited; valid until the next one is asked for. @blocks */
  readLine(prompt: string): Slice<u8> {
    this.write(prompt.bytes());
    this.editor.start();
    for (;;) {
      const byte = this.readByte();
      switch (this.editor.feed(byte)) {
        case Keystroke.Completed:
          this.write("\n".bytes());
          return this.editor.line();
        case Keystroke.Added:
          this.write(this.input.slice(this.inputAt - 1, this.inputAt)); // the byte itself
          break;
        case Keystroke.Removed:
          this.eraseColumns(1);
          break;
        case Keystroke.Cleared:
          this.eraseColumns(this.editor.cleared);
          break;
        case Keystroke.Ignored:
          break;
      }
    }
  }

  /** The next byte, as soon as there is one. @blocks */
  readByte(): u8 {
    while (this.inputAt >= this.inputLength) {
      this.inputAt = 0;
      this.inputLength = this.console.read(this.input);
      if (this.inputLength === 0) this.console.wait();
    }
    const byte = this.input[this.inputAt];
    this.inputAt++;
    return byte;
  }

  eraseColumns(count: usize): void {
    for (let column: usize = 0; column < count; column++) this.write("\b \b".bytes());
  }
}
