/** A person at a console: their lines come in, our answers go out. */
import type { Console } from "../dev/console.ts";
import { format, type ByteSink } from "../lib/format.ts";
import * as log from "../lib/log.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import { LineEditor, type Completer } from "../lib/line-editor.ts";
import type { LineHistory } from "../lib/line-history.ts";
import type { Printer } from "../lib/printer.ts";

/** Has a line that is being edited shown again: by the task that edits it, since anybody may be writing to the log. */
@struct
class LineKeeper implements log.LogListener {
  console: Console | null = null;

  /** @interrupt */
  lineWritten(): void {
    this.console?.nudge();
  }
}

const keeper = new LineKeeper();

/** From now on, a line that is edited at `console`, which shows the log as well, is shown again below what was logged. */
export function keepLine(console: Console): void {
  keeper.console = console;
  log.tell(keeper);
}

@struct
export class Terminal implements ByteSink, Printer {
  readonly console: Console;
  readonly editor: LineEditor;
  /** What has arrived and was not looked at. */
  readonly input = new FixedArray<u8, 64>();
  inputLength: usize = 0;
  inputAt: usize = 0;
  /** What stands before the line that is being edited. */
  prompt: string = "";
  /** What was logged when that line was shown last: since then, it is the last thing on the screen. */
  logged: u64 = 0;

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
    this.editor.start();
    this.prompt = prompt;
    this.show();
    while (!this.edit());
    return this.editor.line();
  }

  /** Shows prompt and line, once nothing is in front of them on the way to the screen. @blocks */
  show(): void {
    this.settle();
    this.logged = log.written();
    const screen = new LineBuffer(this);
    screen.write(this.prompt.bytes());
    this.editor.redraw(screen);
    screen.flush();
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
      if (this.logged !== log.written()) this.show();
    }
  }
}
