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
import { print } from "xenlet:host";
import { trim } from "../../../kernel/lib/bytes.ts";
import * as log from "../../../kernel/lib/log.ts";

let drained: u32 = 0;

@struct
class Printer implements log.LogSink {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  write(bytes: Slice<u8>): void {
    if (bytes.length === 0) return;
    print(`${this.name} hears: ${text(trim(bytes.slice(0, bytes.length - 1)))}`); // without the line feed
  }
  drain(): void {
    drained++;
  }
}
const first = new Printer("first");
const second = new Printer("second");

export function main(): i32 {
  log.addSink(first);
  log.info("one");
  log.warn("two");
  log.debug("unheard");
  print("second is told what it missed:");
  log.addSink(second);
  log.showUpTo(log.Level.Error);
  log.info("unheard");
  log.warn("unheard");
  log.error("three");
  log.emergency("the end");
  log.drain();
  print(`drained ${drained}`);
  return 0;
}
