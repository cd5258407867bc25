/**
 * Watchpoints and single steps: the processor's debug registers, which Xen sets on a guest's behalf. The trap comes after
 * the access that was watched, and before the instruction that was.
 *
 * DR6 says what happened (Intel SDM volume 3, chapter 18); Xen keeps a copy for each vCPU, and the guest clears it.
 */
import type { Errno } from "../../xen-abi/errno.ts";
import { getDebugRegister, setDebugRegister } from "./hypercall/cpu.ts";
import type { TrapFrame } from "./trap-frame.ts";

/** What is watched for, as DR7 numbers it. */
export const enum Watch {
  Execute = 0,
  Write = 1,
  /** Reads and writes, but no fetch of an instruction. */
  Access = 3,
}

/** Called after the access, or before the instruction, with events masked. @interrupt */
export type WatchHandler = (frame: TrapFrame, slot: u32) => void;
/** Called after every instruction while the flag TF is set; clear it in `frame.rflags` to stop. @interrupt */
export type StepHandler = (frame: TrapFrame) => void;

const slotCount = 4;
const statusRegister = 6;
const controlRegister = 7;
/** DR6: bits 0 to 3 name the slot, bit 14 a single step. */
const slotBits = 15;
const singleStepBit = 1 << 14;
/** DR6 when nothing happened: the reserved bits read as ones. */
const statusClear = 0xffff0ff0;
/** The flag that has the processor trap after each instruction. */
export const flagSingleStep = 0x100;
/** The flag that lets one instruction pass without its watchpoint. */
const flagResume = 0x10000;

/** One of the four. */
@struct
class Slot {
  handler: WatchHandler | null = null;
  address: u64 = 0;
  kind: Watch = Watch.Execute;
  bytes: u32 = 0;
  hits: u64 = 0;
}

const slots = new FixedArray<Slot, 4>();
let stepHandler: StepHandler | null = null;

/** Why there is no watchpoint. */
export type WatchFault =
  { readonly kind: "shape"; readonly text: string } | { readonly kind: "refused"; readonly errno: Errno };

/**
 * Has `handler` called whenever the `bytes` (1, 2, 4 or 8; 1 for instructions) at `address`, a multiple of them, are touched
 * so. Gives the slot, 0 to 3.
 */
export function watch(address: u64, bytes: u32, kind: Watch, handler: WatchHandler): Result<u32, WatchFault> {
  if (bytes > 8 || popCount(bytes) !== 1)
    return err({ kind: "shape", text: "1, 2, 4 or 8 bytes can be watched" });
  if ((address & (bytes - 1)) !== 0)
    return err({ kind: "shape", text: "the address is no multiple of the bytes" });
  if (kind === Watch.Execute && bytes !== 1)
    return err({ kind: "shape", text: "of an instruction, its first byte is watched" });
  for (let number: u32 = 0; number < slotCount; number++) {
    const slot = slots[number];
    if (slot.handler !== null) continue;
    const placed = setDebugRegister(number, address);
    if (!placed.ok) return err({ kind: "refused", errno: placed.error });
    slot.handler = handler;
    slot.address = address;
    slot.kind = kind;
    slot.bytes = bytes;
    slot.hits = 0;
    const enabled = setDebugRegister(controlRegister, control());
    if (enabled.ok) return ok(number);
    slot.handler = null;
    return err({ kind: "refused", errno: enabled.error });
  }
  return err({ kind: "shape", text: "all four watchpoints are in use" });
}

/** Takes a watchpoint away. */
export function unwatch(number: u32): void {
  assert(number < slotCount, "there are four watchpoints");
  slots[number].handler = null;
  const disabled = setDebugRegister(controlRegister, control());
  assert(disabled.ok, "Xen takes what it took before");
}

/** Has `handler` called for single steps; null has them reported as what nobody asked for. */
export function setStepHandler(handler: StepHandler | null): void {
  stepHandler = handler;
}

/** DR7 for the slots in use. */
function control(): u64 {
  let value: u64 = 0;
  for (let number: u32 = 0; number < slotCount; number++) {
    const slot = slots[number];
    if (slot.handler === null) continue;
    const enable: u64 = 1;
    const kind: u64 = slot.kind;
    value |= enable << (number * 2);
    value |= kind << (16 + number * 4);
    value |= encodedBytes(slot.bytes) << (18 + number * 4);
  }
  return value;
}

function encodedBytes(bytes: u32): u64 {
  switch (bytes) {
    case 2:
      return 1;
    case 4:
      return 3;
    case 8:
      return 2;
    default:
      return 0;
  }
}

/** Calls whoever the debug exception is for; false where it is nobody's. @interrupt */
export function dispatchDebug(frame: TrapFrame): boolean {
  const status = getDebugRegister(statusRegister);
  const cleared = setDebugRegister(statusRegister, statusClear);
  assert(cleared.ok, "Xen takes an empty debug status");
  let known = false;
  for (let number: u32 = 0; number < slotCount; number++) {
    if (((status & slotBits) >> number) % 2 === 0) continue;
    const slot = slots[number];
    const handler = slot.handler;
    if (handler === null) continue;
    known = true;
    slot.hits++;
    if (slot.kind === Watch.Execute) frame.rflags |= flagResume; // or it would trap again at once
    handler(frame, number);
  }
  if ((status & singleStepBit) === 0) return known;
  const handler = stepHandler;
  if (handler === null) return known;
  handler(frame);
  return true;
}

export function describeWatch(kind: Watch): string {
  switch (kind) {
    case Watch.Execute:
      return "instruction";
    case Watch.Write:
      return "write";
    case Watch.Access:
      return "access";
  }
}

/** For reports: whether the slot is in use, and for what. */
export function watchpoint(number: u32): WatchpointState {
  const slot = slots[number];
  return {
    used: slot.handler !== null,
    address: slot.address,
    bytes: slot.bytes,
    kind: slot.kind,
    hits: slot.hits,
  };
}
export type WatchpointState = {
  readonly used: boolean;
  readonly address: u64;
  readonly bytes: u32;
  readonly kind: Watch;
  readonly hits: u64;
};
export const watchpointCount = slotCount;
