/** vcpu.h: how long a vCPU has been in which state. */

/** `RUNSTATE_*`. */
export const enum Runstate {
  Running = 0,
  /** It could run, and another vCPU has the CPU. */
  Runnable = 1,
  /** It waits for an event. */
  Blocked = 2,
  /** Paused, or not brought up yet. */
  Offline = 3,
}

/** `VCPUOP_get_runstate_info`. */
export const getRunstateInfo = 4;

/** @xen vcpu_runstate_info vcpu.h */
@struct({ size: 48 })
export class VcpuRunstateInfo {
  /** A `Runstate`. */
  @offset(0) state: u32 = 0;
  /** When it was entered: nanoseconds of system time. */
  @offset(8) stateEntryTime: u64 = 0;
  /** Nanoseconds in each state so far. */
  @offset(16) readonly time = new FixedArray<u64, 4>();
}
