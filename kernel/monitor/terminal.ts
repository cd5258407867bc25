/** A person at a console: their lines come in, our answers go out. */
import type { Console } from "../dev/console.ts";
import { format, type ByteSink } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import { LineEditor, type Completer } from "../lib/line-editor.ts";
import type { LineHistory } from "../lib/line-history.ts";
import type { Printer } from "../lib/printer.ts";

@struct
export class Terminal implements ByteSink, Printer {
  readonly console: Console;
  readonly editor: LineEditor;
  /** What has arrived and was not looked at. */
  readonly input = new FixedArray<u8, 64>();
  inputLength: usize = 0;
  inputAt: usize = 0;

  constructor(console: Console, editor: LineEditor) {
    this.console = console;
    this.editor = editor;
  }

  write(bytes: Slice<u8>): void {
    this.console.write(bytes);
  }

  /** Writes a line. Other tasks do not run meanwhile, so what is printed may be looked through line by line. */
  print(line: Template): void {
    const buffer = new LineBuffer(this);
    format(buffer, line);
    buffer.write("\n".bytes());
    buffer.flush();
  }

  /** Waits until the other end has caught up: before, between or after much that is printed. @blocks */
  settle(): void {
    this.console.settle();
  }

  /** Asks for a line and returns it, edited; valid until the next one is asked for. @blocks */
  readLine(prompt: string): Slice<u8> {
    this.settle();
    this.write(prompt.bytes());
    this.editor.start();
    while (!this.edit());
    return this.editor.line();
  }

  /** Takes keystrokes, and shows what they did; true when the line is complete. @blocks */
  edit(): boolean {
    this.awaitInput();
    const screen = new LineBuffer(this);
    let isComplete = false;
    while (this.inputAt < this.inputLength && !isComplete) {
      isComplete = this.editor.feed(this.input[this.inputAt], screen);
      this.inputAt++;
    }
    screen.flush();
    return isComplete;
  }

  /** @blocks */
  awaitInput(): void {
    while (this.inputAt >= this.inputLength) {
      this.inputAt = 0;
      this.inputLength = this.console.read(this.input);
      if (this.inputLength === 0) this.console.wait();
    }
  }
}
