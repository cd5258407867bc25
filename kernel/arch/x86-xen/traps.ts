/** Exceptions: each vector has a handler, which is the report that ends the domain until somebody sets another. */
import { addressOf, symbolAddress, sliceAt } from "xenlet:unsafe";
import { toVirtAddr } from "../../xen-abi/addresses.ts";
import { flatKernelCodeSelector, TrapFlag, TrapInfo } from "../../xen-abi/arch-x86.ts";
import { CallbackFlag, CallbackType } from "../../xen-abi/callback.ts";
import { registerCallback, setTrapTable, type Outcome } from "./hypercall.ts";
import { reportTrap } from "./report.ts";
import type { TrapFrame } from "./trap-frame.ts";
import { Vector, vectorCount } from "./vectors.ts";

/** Called with events masked; when it returns, the interrupted code goes on as `frame` then says. @interrupt */
export type TrapHandler = (frame: TrapFrame) => void;

/** The stub of entry.S that Xen enters when it could not return to the guest as asked. */
declare function failsafe_entry(): void;

const handlers = new FixedArray<TrapHandler | null, 20>();
/** One more than there are vectors: the last line, all zero, ends the table. */
const table = new FixedArray<TrapInfo, 21>();

/** Tells Xen about every stub. */
export function installTraps(): Outcome {
  const stubs = sliceAt<u64>(symbolAddress("trap_entry_table"), vectorCount);
  for (const [vector, stub] of stubs.entries()) {
    const line = table[vector];
    line.vector = vector as u8;
    line.flags = trapFlags(vector as u32 as Vector);
    line.cs = flatKernelCodeSelector;
    line.address = toVirtAddr(stub);
  }
  const installed = setTrapTable(table);
  if (!installed.ok) return installed;
  const failsafe = toVirtAddr(addressOf(failsafe_entry));
  return registerCallback(CallbackType.Failsafe, CallbackFlag.MaskEvents, failsafe);
}

/** Programs may raise breakpoint and overflow with an instruction of their own; the rest is the CPU's. */
function trapFlags(vector: Vector): u8 {
  const raisable = vector === Vector.Breakpoint || vector === Vector.Overflow;
  return raisable ? TrapFlag.MaskEvents | TrapFlag.FromRing3 : TrapFlag.MaskEvents;
}

/** Has `handler` called for `vector` from now on; null brings the report back. */
export function setHandler(vector: Vector, handler: TrapHandler | null): void {
  handlers[vector] = handler;
}

/**
 * Where entry.S goes for every exception.
 * @export trap_dispatch
 * @interrupt
 */
export function trapDispatch(frame: TrapFrame): void {
  const vector = frame.vector;
  const handler = vector < vectorCount ? handlers[vector] : null;
  if (handler === null) reportTrap(frame);
  handler(frame);
}

/**
 * Where entry.S goes when Xen could not restore a selector, or not return to the guest as the guest asked.
 * @export failsafe_dispatch
 * @interrupt
 */
export function failsafeDispatch(frame: TrapFrame): void {
  reportTrap(frame);
}
