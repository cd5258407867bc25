//> workload: test=bounds
//> address: 10.0.0.1/8
//> warning: command line: nobody knows speed=fast
//> warning: command line: nobody knows loglevel=loud
//> warning: command line: nobody knows quiet
//> eager: true
import { print } from "xenlet:host";
import type { Console } from "../../../kernel/dev/console.ts";
import * as log from "../../../kernel/lib/log.ts";
import { Options } from "../../../kernel/options.ts";
import type { Workload } from "../../../kernel/workload.ts";

@struct
class Printer implements log.LogSink {
  write(bytes: Slice<u8>): void {
    if (bytes.length > 0) print(`${text(bytes.slice(0, bytes.length - 1))}`);
  }
  drain(): void {}
}
const printer = new Printer();

@struct
class Testing implements Workload {
  takeOption(key: Slice<u8>, value: Slice<u8>): boolean {
    if (!key.equals("test".bytes())) return false;
    print(`workload: test=${text(value)}`);
    return true;
  }
  prepare(): void {}
  run(console: Console): void {}
}
const testing = new Testing();

function takeAddress(value: Slice<u8>): boolean {
  print(`address: ${text(value)}`);
  return true;
}

export function main(): i32 {
  log.addSink(printer);
  const options = new Options(takeAddress);
  options.read(
    "test=bounds ip=10.0.0.1/8 speed=fast pte=eager loglevel=loud loglevel=warning quiet".bytes(),
    testing,
  );
  print(`eager: ${options.eager}`);
  return 0;
}
