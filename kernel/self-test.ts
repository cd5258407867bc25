/**
 * Defects on purpose, so that a test can see what they leave behind. Each is in a function of its own, whose name and line
 * the report must show; the tests find the line by the mark in its comment.
 */
import { functionAt, ptr, structAt, symbolAddress, addressOf } from "xenlet:unsafe";
import { powerOff } from "./arch/x86-xen/shutdown.ts";
import * as log from "./lib/log.ts";
import { panic } from "./lib/panic.ts";
import { SelfTest } from "./options.ts";
import type { StartInfo } from "./xen-abi/xen.ts";

/** Comes back only where there is nothing to run. */
export function runSelfTest(test: SelfTest): void {
  switch (test) {
    case SelfTest.None:
      return;
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
    case SelfTest.Execute:
      executeData();
      break;
    case SelfTest.Halt:
      powerOff();
      break;
  }
  panic("a self-test that must not return has returned");
}

/** What is not known before the kernel runs, so that no compiler can see the defect coming. */
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

function executeData(): void {
  const notCode = functionAt<() => void>(addressOf(places));
  notCode(); // mark: execute
}
