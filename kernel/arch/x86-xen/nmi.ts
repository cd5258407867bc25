/**
 * Non-maskable interrupts: what a watchdog, or `xl trigger NAME nmi`, sends to a kernel that no longer answers. Unless
 * somebody overrides it, the kernel says where it is, and goes on.
 *
 * Until the handler returns by HYPERVISOR_iret, Xen holds the next one back.
 */
import * as log from "../../lib/log.ts";
import { addressOf } from "xenlet:unsafe";
import { toVirtAddr } from "../../xen-abi/addresses.ts";
import { CallbackFlag, CallbackType } from "../../xen-abi/callback.ts";
import { printBacktrace } from "./backtrace.ts";
import { registerCallback } from "./hypercall/cpu.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { sharedInfo } from "./shared-info.ts";
import type { TrapFrame } from "./trap-frame.ts";

/** entry.S: the stub of vector 2. */
declare function trap_2(): void;

/** `XEN_NMIREASON_*` (nmi.h): bits of `shared_info.arch.nmi_reason`, for the first domain only. */
const enum NmiReason {
  IoError = 1,
  ParityError = 2,
  Unknown = 4,
}

/** Tells Xen where NMIs enter; the trap table says it too, and older versions of Xen read only this. */
export function installNmi(): Outcome {
  return registerCallback(CallbackType.Nmi, CallbackFlag.MaskEvents, toVirtAddr(addressOf(trap_2)));
}

/** Says where the kernel is. @interrupt */
export function sayWhere(frame: TrapFrame): void {
  const reason = sharedInfo().arch.nmiReason.load("relaxed");
  log.emergency(`non-maskable interrupt (${describeReason(reason)}): the kernel is here, and goes on`);
  printBacktrace(frame);
}

function describeReason(reason: u64): string {
  if ((reason & NmiReason.IoError) !== 0) return "an I/O check: a device reported an error";
  if ((reason & NmiReason.ParityError) !== 0) return "memory parity, or a PCI system error";
  if ((reason & NmiReason.Unknown) !== 0) return "the hardware gave no reason";
  return "sent on purpose";
}
