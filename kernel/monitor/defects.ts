/** Defects on purpose, to see what they leave behind. Tests find the line that a report must name by the mark in its comment. */
import { structAt } from "xenlet:unsafe";
import { panic } from "../lib/panic.ts";
import type { StartInfo } from "../xen-abi/xen.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const defectCommands: FixedArray<Command, 3> = [
  { name: "panic", usage: "", purpose: "ends with a panic", action: doPanic },
  { name: "divide", usage: "", purpose: "ends with a division by zero", action: doDivide },
  { name: "null", usage: "", purpose: "ends with the use of a null reference", action: doNull },
];

/** Zero, which no compiler must know before the kernel runs: it would see the defect coming. */
let zeroLater: u64 = 0;

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

function doPanic(terminal: Terminal, words: Arguments): void {
  panicOnPurpose();
}

function doDivide(terminal: Terminal, words: Arguments): void {
  terminal.print(`1000 / 0 is ${divideByZero(1000)}`);
}

function doNull(terminal: Terminal, words: Arguments): void {
  terminal.print(`a null reference has ${readNull()} pages`);
}
