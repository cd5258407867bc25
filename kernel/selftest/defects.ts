/**
 * More defects on purpose, so that a test can see what they leave behind. Each is in a function of its own, whose name and line
 * the report must show; the tests find the line by the mark in its comment.
 */
import { addressOf, functionAt, ptr, symbolAddress } from "xenlet:unsafe";
import { powerOff } from "../arch/x86-xen/shutdown.ts";
import type { TrapFrame } from "../arch/x86-xen/trap-frame.ts";
import { setHandler } from "../arch/x86-xen/traps.ts";
import { Vector } from "../arch/x86-xen/vectors.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { divideByZero, panicOnPurpose, readNull } from "../monitor/defects.ts";
import type { SelfTest } from "./self-test.ts";

/** Run on the boot stack; each ends the domain in its own way. */
export const defects: FixedArray<SelfTest, 12> = [
  { name: "panic", run: panicOnPurpose },
  { name: "divide", run: showQuotient },
  { name: "null", run: showNull },
  { name: "bounds", run: showBeyondEnd },
  { name: "text", run: writeText },
  { name: "constants", run: writeConstants },
  { name: "guard", run: overrunStack },
  { name: "execute", run: executeData },
  { name: "nested", run: failInsideReport },
  { name: "handler", run: handlePageFault },
  { name: "flood", run: flood },
  { name: "halt", run: powerOff },
];

/** Zero, which no compiler must know before the kernel runs: it would see the defect coming. */
let zeroLater: u64 = 0;
const places = new FixedArray<u64, 4>();

function showQuotient(): void {
  log.info(`1000 / 0 is ${divideByZero(1000)}`);
}

function showNull(): void {
  log.info(`a null reference has ${readNull()} pages`);
}

function showBeyondEnd(): void {
  log.info(`beyond the end lies ${readBeyondEnd()}`);
}

function readBeyondEnd(): u64 {
  const index: usize = places.length + zeroLater;
  return places[index]; // mark: bounds
}

function writeText(): void {
  ptr<u8>(symbolAddress("__text_start")).store(0); // mark: text
}

function writeConstants(): void {
  ptr<u8>(symbolAddress("__rodata_start")).store(0); // mark: constants
}

function overrunStack(): void {
  ptr<u64>(symbolAddress("boot_stack") - 8).store(0); // mark: guard
}

function executeData(): void {
  const notCode = functionAt<() => void>(symbolAddress("__data_start"));
  notCode(); // mark: execute
  log.info("data were executed"); // so that this function's frame is still there
}

/** A place for the log that breaks as soon as the domain is about to end. */
@struct
class BrokenSink implements log.LogSink {
  armed: boolean = false;

  write(bytes: Slice<u8>): void {
    if (this.armed) ptr<u64>(zeroLater).store(0);
  }

  drain(): void {}
}

const brokenSink = new BrokenSink();

function failInsideReport(): never {
  log.addSink(brokenSink);
  brokenSink.armed = true;
  panic("with a log that faults");
}

function handlePageFault(): void {
  setHandler(Vector.PageFault, goElsewhere);
  ptr<u64>(zeroLater).store(0);
}

/** Continues in another function, as if the interrupted code had called it. */
function goElsewhere(frame: TrapFrame): void {
  frame.rip = addressOf(elsewhere);
  frame.rsp -= 8;
}

function elsewhere(): void {
  log.info("the handler went elsewhere");
  powerOff();
}

/** Much more than fits the console's ring, faster than anybody reads it. */
function flood(): never {
  for (let line: u32 = 0; line < 2000; line++) log.info(`line ${line} of the flood`);
  powerOff();
}
