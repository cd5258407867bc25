//> warning: command line: nobody knows speed=fast
//> warning: command line: nobody knows test=nothing
//> warning: command line: nobody knows loglevel=loud
//> warning: command line: nobody knows quiet
//> test: 4
import { print } from "xenlet:host";
import * as log from "../../../kernel/lib/log.ts";
import { Options } from "../../../kernel/options.ts";

@struct
class Printer implements log.LogSink {
  write(bytes: Slice<u8>): void {
    if (bytes.length > 0) print(`${text(bytes.slice(0, bytes.length - 1))}`);
  }
  drain(): void {}
}
const printer = new Printer();

export function main(): i32 {
  log.addSink(printer);
  const options = new Options();
  options.read("speed=fast test=bounds test=nothing loglevel=loud loglevel=warning quiet".bytes());
  print(`test: ${options.test}`);
  return 0;
}
