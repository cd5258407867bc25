/**
 * Defects on purpose, so that a test can see what they leave behind. Each is in a function of its own, whose name and line
 * the report must show; the tests find the line by the mark in its comment.
 */
import { addressOf, functionAt, ptr, structAt, symbolAddress } from "xenlet:unsafe";
import { powerOff } from "./arch/x86-xen/shutdown.ts";
import type { TrapFrame } from "./arch/x86-xen/trap-frame.ts";
import { setHandler } from "./arch/x86-xen/traps.ts";
import { Vector } from "./arch/x86-xen/vectors.ts";
import * as log from "./lib/log.ts";
import { panic } from "./lib/panic.ts";
import { LogPrinter } from "./lib/printer.ts";
import { testMemory } from "./mm/memory-self-test.ts";
import { testPageTables } from "./mm/pte-self-test.ts";
import { SelfTest, type Options } from "./options.ts";
import { runTrapTest } from "./trap-self-test.ts";
import type { StartInfo } from "./xen-abi/xen.ts";

const logPrinter = new LogPrinter();

/** Comes back only where there is nothing to run. */
export function runSelfTest(options: Options): void {
  switch (options.test) {
    case SelfTest.None:
    case SelfTest.Tasks:
    case SelfTest.Timer:
    case SelfTest.Events:
    case SelfTest.Clock:
      return; // what is not a defect runs in a task: session.ts
    case SelfTest.Panic:
      panicOnPurpose();
      break;
    case SelfTest.Divide:
      log.info(`1000 / 0 is ${divideByZero(1000)}`);
      break;
    case SelfTest.Null:
      log.info(`a null reference has ${readNull()} pages`);
      break;
    case SelfTest.Bounds:
      log.info(`beyond the end lies ${readBeyondEnd()}`);
      break;
    case SelfTest.Text:
      writeText();
      break;
    case SelfTest.Constants:
      writeConstants();
      break;
    case SelfTest.Guard:
      overrunStack();
      break;
    case SelfTest.Execute:
      executeData();
      break;
    case SelfTest.Nested:
      failInsideReport();
      break;
    case SelfTest.Handler:
      handlePageFault();
      break;
    case SelfTest.Flood:
      flood();
      break;
    case SelfTest.Halt:
      powerOff();
      break;
    case SelfTest.Memory:
      testMemory(logPrinter, options.count);
      powerOff();
      break;
    case SelfTest.Trap:
      runTrapTest(options.trapTest.text());
      break;
    case SelfTest.Pte:
      testPageTables(options.seed, options.count);
      powerOff();
      break;
  }
  panic("a self-test that must not return has returned");
}

/** Zero, which no compiler must know before the kernel runs: it would see the defect coming. */
let zeroLater: u64 = 0;
const places = new FixedArray<u64, 4>();

export function panicOnPurpose(): never {
  panic("on purpose, as asked for"); // mark: panic
}

export function divideByZero(dividend: u64): u64 {
  return dividend / zeroLater; // mark: divide
}

export function readNull(): u64 {
  const nothing = structAt<StartInfo>(zeroLater);
  return nothing.nrPages; // mark: null
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
