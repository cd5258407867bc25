/**
 * Exceptions: each vector has a handler, which anybody may override. By default watchpoints, floating point and NMIs are
 * handled, and everything else ends in the report.
 */
import { addressOf, symbolAddress, sliceAt } from "xenlet:unsafe";
import { toVirtAddr } from "../../xen-abi/addresses.ts";
import { flatKernelCodeSelector, TrapFlag, TrapInfo } from "../../xen-abi/arch-x86.ts";
import { CallbackFlag, CallbackType } from "../../xen-abi/callback.ts";
import { registerCallback, setTrapTable } from "./hypercall/cpu.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { dispatchDebug } from "./debug.ts";
import { applyFixup } from "./fixups.ts";
import { dispatchFpu } from "./fpu.ts";
import { installNmi, sayWhere } from "./nmi.ts";
import { reportTrap } from "./report.ts";
import type { TrapFrame } from "./trap-frame.ts";
import { Vector, vectorCount } from "./vectors.ts";

/** Called with events masked; when it returns, the interrupted code goes on as `frame` then says. @interrupt */
export type TrapHandler = (frame: TrapFrame) => void;

/** The stub of entry.S that Xen enters when it could not return to the guest as asked. */
declare function failsafe_entry(): void;

const handlers = new FixedArray<TrapHandler | null, 20>();
const counts = new FixedArray<u64, 20>();
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
  const entered = installNmi();
  if (!entered.ok) return entered;
  const failsafe = toVirtAddr(addressOf(failsafe_entry));
  return registerCallback(CallbackType.Failsafe, CallbackFlag.MaskEvents, failsafe);
}

/** Programs may raise breakpoint and overflow with an instruction of their own; the rest is the CPU's. */
function trapFlags(vector: Vector): u8 {
  const raisable = vector === Vector.Breakpoint || vector === Vector.Overflow;
  return raisable ? TrapFlag.MaskEvents | TrapFlag.FromRing3 : TrapFlag.MaskEvents;
}

/** Has `handler` called for `vector` from now on; null brings the default back. Gives the one that was there. */
export function setHandler(vector: Vector, handler: TrapHandler | null): TrapHandler | null {
  const before = handlers[vector];
  handlers[vector] = handler;
  return before;
}

/**
 * Overrides a vector's handler as long as it is in scope, then brings back whatever was there:
 * `using override = new TrapOverride(Vector.PageFault, handler);`. Overrides nest.
 */
@struct
export class TrapOverride {
  readonly vector: Vector;
  readonly before: TrapHandler | null;

  constructor(vector: Vector, handler: TrapHandler) {
    this.vector = vector;
    this.before = setHandler(vector, handler);
  }

  [Symbol.dispose](): void {
    setHandler(this.vector, this.before);
  }
}

/**
 * Where entry.S goes for every exception. First come the places that said that they may fault, then whoever overrides the
 * vector, then the kernel's own handling.
 * @export trap_dispatch
 * @interrupt
 */
export function trapDispatch(frame: TrapFrame): void {
  const vector = frame.vector;
  if (vector >= vectorCount) reportTrap(frame);
  counts[vector]++;
  if (mayHaveFixup(vector as u32 as Vector) && applyFixup(frame)) return;
  const handler = handlers[vector];
  if (handler !== null) handler(frame);
  else handleByDefault(frame);
}

/** Faults that an instruction causes by the address that it uses. */
function mayHaveFixup(vector: Vector): boolean {
  return vector === Vector.PageFault || vector === Vector.GeneralProtection || vector === Vector.StackSegment;
}

function handleByDefault(frame: TrapFrame): void {
  switch (frame.vector as u32 as Vector) {
    case Vector.NonMaskable:
      sayWhere(frame);
      return;
    case Vector.Debug:
      if (dispatchDebug(frame)) return;
      break;
    case Vector.DeviceNotAvailable:
      if (dispatchFpu()) return;
      break;
    default:
      break;
  }
  reportTrap(frame);
}

/** How often the vector came so far. */
export function trapCount(vector: u64): u64 {
  return counts[vector];
}

/** Whether somebody overrides the kernel's handling of the vector. */
export function isOverridden(vector: u64): boolean {
  return handlers[vector] !== null;
}

/**
 * Where entry.S goes when Xen could not restore a selector, or not return to the guest as the guest asked.
 * @export failsafe_dispatch
 * @interrupt
 */
export function failsafeDispatch(frame: TrapFrame): void {
  reportTrap(frame);
}
