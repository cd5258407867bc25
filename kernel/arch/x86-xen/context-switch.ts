/** Giving the CPU from one stack to another; switch.S does it. */
import { addressOf, ptr, sliceAt } from "xenlet:unsafe";
import type { TrapFrame } from "./trap-frame.ts";

/**
 * What is kept of the CPU while something else runs. A switch is a call, so the registers that a call spoils are nobody's;
 * the others lie on the stack. Whether events are masked is not part of it: both sides switch with events masked, and
 * each unmasks for itself. Vector registers are not used by the kernel.
 */
@struct({ size: 8 })
export class Context {
  /** `%rsp`; on top of the stack lie r15, r14, r13, r12, rbx, rbp and where to go on. */
  @offset(0) stackPointer: u64 = 0;
}

/** Where a new context begins, with events masked; it must not return. */
export type ContextEntry = () => void;

/** Keeps the CPU in `from` and goes on where `to` was left; returns when somebody switches back. Events are masked. */
declare function switch_context(from: Context, to: Context): void;
/** Calls r12: where a new context starts. */
declare function start_context(): void;

/** Makes `context` begin at `entry` on a stack that ends at `stackEnd`. */
export function prepareContext(context: Context, stackEnd: u64, entry: ContextEntry): void {
  let top: u64 = stackEnd & 0xfffffffffffffff0;
  top = push(top, addressOf(start_context)); // begins with an aligned stack, and calls
  top = push(top, 0); // rbp: a backtrace ends here
  top = push(top, 0); // rbx
  top = push(top, addressOf(entry)); // r12
  top = push(top, 0); // r13
  top = push(top, 0); // r14
  context.stackPointer = push(top, 0); // r15
}

/**
 * Shows where a context that does not run goes on, as a trap there would have; registers that are not kept are left alone.
 */
export function showContext(context: Context, into: TrapFrame): void {
  const words = sliceAt<u64>(context.stackPointer, 7);
  into.r15 = words[0];
  into.r14 = words[1];
  into.r13 = words[2];
  into.r12 = words[3];
  into.rbx = words[4];
  into.rbp = words[5];
  into.rip = words[6];
  into.rsp = context.stackPointer + 56;
}

export function switchContext(from: Context, to: Context): void {
  switch_context(from, to);
}

function push(top: u64, value: u64): u64 {
  ptr<u64>(top - 8).store(value);
  return top - 8;
}
