/** Nanoseconds since Xen booted, from the CPU's counter and the scale that Xen keeps beside it (xen.h, vcpu_time_info). */
import { fence, readTimestampCounter, spinHint } from "xenlet:unsafe";
import { vcpuInfo } from "./shared-info.ts";

/** Now. Needs the shared info page. */
export function systemTime(): u64 {
  const time = vcpuInfo().time;
  for (;;) {
    const version = time.version.load("acquire");
    if ((version & 1) === 0) {
      const base = time.systemTime.load("relaxed");
      const stamp = time.tscTimestamp.load("relaxed");
      const scale = time.tscToSystemMul.load("relaxed");
      const shift = time.tscShift.load("relaxed");
      const now = readTimestampCounter();
      fence("acquire");
      if (time.version.load("relaxed") === version) return base + scaled(now - stamp, scale, shift);
    }
    spinHint();
  }
}

/** The CPU's counter: a stamp for `nanosecondsSince`, which works before anything else does. */
export function counterNow(): u64 {
  return readTimestampCounter();
}

/** Nanoseconds since the CPU's counter showed `stamp`. Needs the shared info page. */
export function nanosecondsSince(stamp: u64): u64 {
  return nanosecondsOf(readTimestampCounter() - stamp);
}

/** So many ticks of the CPU's counter as nanoseconds. Needs the shared info page. */
export function nanosecondsOf(ticks: u64): u64 {
  const time = vcpuInfo().time; // the scale is a property of the machine: it needs no consistent reading
  return scaled(ticks, time.tscToSystemMul.load("relaxed"), time.tscShift.load("relaxed"));
}

/** Counter ticks as nanoseconds: `((ticks << shift) * scale) >> 32`, a negative shift going right. */
export function scaled(ticks: u64, scale: u32, shift: i8): u64 {
  const shifted: u64 = shift >= 0 ? ticks << (shift as u32) : ticks >> (-shift as u32);
  const wide: u64 = scale;
  return multiplyHigh(shifted, wide << 32);
}
