/**
 * Floating point for tasks that opt in. The kernel itself is compiled to general registers only, so a switch between tasks
 * moves none of the 512 bytes of x87 and SSE state: it arms a trap (CR0.TS), and the first instruction that uses the
 * registers brings the state of whoever runs. Who never computes with them never pays.
 *
 * On the way into the trap Xen clears TS, so no hypercall is needed there.
 *
 * The state is x87 and SSE, and no more: a domain that never wrote XCR0 cannot use AVX, whatever the CPU has, since its
 * instructions are undefined then. So FXSAVE takes everything that a task can have changed.
 */
import { addressOf } from "xenlet:unsafe";
import { setFpuTrap } from "./hypercall/cpu.ts";

/** traps.S. */
declare function fpu_save(state: u64): void;
declare function fpu_restore(state: u64): void;

/** What `fxsave64` writes (Intel SDM volume 1, section 10.5); each task that computes has one. */
@struct({ size: 512, align: 16 })
export class FpuState {
  /** All x87 exceptions masked, 64 bits of precision: as `fninit` leaves it. */
  @offset(0) controlWord: u16 = 0x37f;
  @offset(2) statusWord: u16 = 0;
  @offset(4) tagWord: u16 = 0;
  @offset(6) opcode: u16 = 0;
  @offset(8) instruction: u64 = 0;
  @offset(16) operand: u64 = 0;
  /** All SSE exceptions masked, rounding to nearest: as after reset. */
  @offset(24) mxcsr: u32 = 0x1f80;
  @offset(28) mxcsrMask: u32 = 0;
  @offset(32) readonly registers = new FixedArray<u8, 480>();
}

/** Whose values are in the processor's registers; null: nobody's. */
let loaded: FpuState | null = null;
/** Whose values the running task wants; null: it must not compute. */
let wanted: FpuState | null = null;
/** Whether the next use traps. */
let armed: boolean = false;
let loads: u64 = 0;
let saves: u64 = 0;
let traps: u64 = 0;
let hypercalls: u64 = 0;

/**
 * At a task switch: who runs from here on. No hypercall where the same trap is armed already, or where the task that comes
 * back finds its own values still there. @interrupt
 */
export function switchFpu(state: FpuState | null): void {
  wanted = state;
  const trap = state === null || state !== loaded;
  if (trap === armed) return;
  armed = trap;
  hypercalls++;
  setFpuTrap(trap);
}

/** Before a state is freed or reused: its values are forgotten. @interrupt */
export function releaseFpu(state: FpuState): void {
  if (loaded === state) loaded = null;
  if (wanted === state) switchFpu(null);
}

/** Device not available: brings the state of whoever runs; false where that task has none. @interrupt */
export function dispatchFpu(): boolean {
  traps++;
  armed = false; // Xen did
  const next = wanted;
  if (next === null) return false;
  const previous = loaded;
  if (previous === next) return true;
  if (previous !== null) {
    fpu_save(addressOf(previous));
    saves++;
  }
  fpu_restore(addressOf(next));
  loads++;
  loaded = next;
  return true;
}

/** How often registers were loaded and saved, and how many traps and hypercalls that took. */
export function fpuCounts(): FpuCounts {
  return { loads, saves, traps, hypercalls };
}
export type FpuCounts = {
  readonly loads: u64;
  readonly saves: u64;
  readonly traps: u64;
  readonly hypercalls: u64;
};
