/** vcpu.h: what a guest asks Xen about one of its vCPUs. */

/** `VCPUOP_*`. */
export const enum VcpuOp {
  StopPeriodicTimer = 7,
  SetSingleshotTimer = 8,
  StopSingleshotTimer = 9,
}

/** @xen vcpu_set_singleshot_timer vcpu.h */
@struct({ size: 16 })
export class VcpuSetSingleshotTimer {
  /** Nanoseconds of system time. */
  @offset(0) timeoutAbsNs: u64 = 0;
  /** `VCPU_SSHOTTMR_*`; 0: a time that has passed fires at once. */
  @offset(8) flags: u32 = 0;
}
