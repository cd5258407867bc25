/** sched.h: giving the CPU away, and ending. */

/** `SCHEDOP_*`. */
export const enum SchedOp {
  Yield = 0,
  Block = 1,
  Shutdown = 2,
  Poll = 3,
}

/** `SHUTDOWN_*`: the reason that the toolstack sees. */
export const enum ShutdownReason {
  Poweroff = 0,
  Reboot = 1,
  Suspend = 2,
  Crash = 3,
  Watchdog = 4,
}

/** @xen sched_shutdown sched.h */
@struct({ size: 4 })
export class SchedShutdown {
  @offset(0) reason: u32 = 0;
}

/** @xen sched_poll sched.h */
@struct({ size: 24 })
export class SchedPoll {
  /** Address of an array of ports. */
  @offset(0) ports: u64 = 0;
  @offset(8) nrPorts: u32 = 0;
  /** System time in ns at which to give up; 0: never. */
  @offset(16) timeout: u64 = 0;
}
