//> first hears: one
//> first hears: warning: two
//> second is told what it missed:
//> second hears: one
//> warning: two
//> first hears: error: three
//> second hears: error: three
//> first hears: the end
//> second hears: the end
//> drained 2
//> 0: at 7, info: one
//> 1: at 14, warning: warning: two
//> 2: at 21, error: error: three
//> 3: at 28, emergency: the end
//> a thousand lines later: from 764 to 1003, none cut short
//> the listener was told of 3 lines: none for the end, none for what is not shown
import { print } from "xenlet:host";
import { trim } from "../../../kernel/lib/bytes.ts";
import { Level, nameOfLevel } from "../../../kernel/lib/log-level.ts";
import * as log from "../../../kernel/lib/log.ts";

let drained: u32 = 0;
let silent: boolean = false;
let now: u64 = 0;

@struct
class Printer implements log.LogSink {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  write(bytes: Slice<u8>): void {
    if (bytes.length === 0 || silent) return;
    print(`${this.name} hears: ${text(trim(bytes.slice(0, bytes.length - 1)))}`); // without the line feed
  }
  drain(): void {
    drained++;
  }
}
/** Counts lines. */
@struct
class Listener implements log.LogListener {
  told: u32 = 0;

  lineWritten(): void {
    this.told++;
  }
}
const listener = new Listener();
const first = new Printer("first");
const second = new Printer("second");

function tick(): u64 {
  now += 7;
  return now;
}

function showKept(number: u64): void {
  const line = log.keptLine(number);
  const whole = line.text.slice(0, line.text.length - 1);
  print(`${number}: at ${line.time}, ${nameOfLevel(line.level)}: ${text(whole)}`);
}

/** Whether a kept line is one that was written, from its first byte to its last. */
function isWhole(number: u64): boolean {
  const line = log.keptLine(number);
  const length: u64 = line.text.length + line.more.length;
  const last = line.more.length > 0 ? line.more : line.text;
  return line.text[0] === 0x6e && length === 34 && last[last.length - 1] === 0x0a;
}

export function main(): i32 {
  log.useClock(tick);
  log.tell(listener);
  log.addSink(first);
  log.info("one");
  log.warn("two");
  log.debug("unheard");
  print("second is told what it missed:");
  log.addSink(second);
  log.showUpTo(Level.Error);
  log.info("unheard");
  log.warn("unheard");
  log.error("three");
  log.emergency("the end");
  log.drain();
  print(`drained ${drained}`);
  for (let number: u64 = log.oldestLine(); number < log.nextLine(); number++) showKept(number);

  const told = listener.told;
  silent = true;
  log.showUpTo(Level.Info);
  for (let line: u64 = 1000; line < 2000; line++) log.info(`number ${line} of a thousand lines..`);
  let whole = true;
  for (let number: u64 = log.oldestLine(); number < log.nextLine(); number++) {
    if (!isWhole(number)) whole = false;
  }
  print(
    `a thousand lines later: from ${log.oldestLine()} to ${log.nextLine() - 1}, ${whole ? "none" : "some"} cut short`,
  );
  print(`the listener was told of ${told} lines: none for the end, none for what is not shown`);
  return 0;
}
