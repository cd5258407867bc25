/** What an unexpected trap, or a panic, leaves behind: cause, registers, backtrace, and a domain that crashed. */
import { addressOf } from "xenlet:unsafe";
import { isAnnounced, nextEnding, Ending } from "../../lib/panic.ts";
import * as log from "../../lib/log.ts";
import { printBacktrace } from "./backtrace.ts";
import { selectorIndex, selectorSource, selectorTable } from "./error-code.ts";
import { printInstruction } from "./instruction-report.ts";
import { isGuardOfStack, printPageWalk, regionOf } from "./page-walk.ts";
import { vcpuInfo } from "./shared-info.ts";
import { crash } from "./shutdown.ts";
import type { TrapFrame } from "./trap-frame.ts";
import { describeAccess, describeDenial, describeVector, PageFaultBit, Vector } from "./vectors.ts";

/** entry.S's number for the failsafe callback. */
const failsafeVector = 257;

/** What the report is about; it stays on its stack, since nobody goes back there. */
let reported: TrapFrame | null = null;

/** traps.S: calls `writeReport` on a stack of its own, since the interrupted one may be nearly full. */
declare function report_on_own_stack(frame: u64): void;

/** Reports the trap, or the panic that it belongs to, and ends the domain. A trap inside the report gets one line. */
export function reportTrap(frame: TrapFrame): never {
  report_on_own_stack(addressOf(frame));
  crash();
}

/**
 * Where traps.S goes, on the report's stack.
 * @export trap_report
 * @interrupt
 */
export function writeReport(frame: TrapFrame): void {
  const faultAddress = vcpuInfo().arch.cr2.load("relaxed"); // before a probe of the report faults
  const panicked = isAnnounced() && frame.vector === Vector.InvalidOpcode;
  switch (nextEnding()) {
    case Ending.Reporting:
      reported = frame;
      if (!panicked) printCause(frame, faultAddress);
      printState(frame);
      break;
    case Ending.LastWords:
      writeLastWords(frame);
      break;
    default:
      crash();
  }
  log.drain();
  crash();
}

/** One line; and where it was a place of the log that failed, the rest of the report goes to the others. */
function writeLastWords(frame: TrapFrame): void {
  const dropped = log.dropBusySink();
  log.emergency(`${describeVector(frame.vector)} at ${hex(frame.rip, 16)}, inside the report above`);
  const first = reported;
  if (!dropped || first === null) return;
  log.emergency("a place of the log failed; without it, the report was:");
  printState(first);
}

function printState(frame: TrapFrame): void {
  printRegisters(frame);
  log.emergency("backtrace");
  printBacktrace(frame);
}

function printCause(frame: TrapFrame, faultAddress: u64): void {
  const vector = frame.vector;
  const code = frame.errorCode;
  if (vector === failsafeVector) {
    log.emergency(`unexpected trap: Xen could not restore the selectors ${hex(code, 16)} (gs fs es ds)`);
    return;
  }
  log.emergency(`unexpected trap: ${describeVector(vector)} (vector ${vector}, error code 0x${hex(code)})`);
  switch (vector as u32 as Vector) {
    case Vector.PageFault:
      printPageFault(code, faultAddress);
      break;
    case Vector.InvalidTss:
    case Vector.SegmentNotPresent:
    case Vector.StackSegment:
    case Vector.GeneralProtection:
      if (code === 0) log.emergency("  no selector is at fault");
      else log.emergency(`  ${selectorTable(code)}, number ${selectorIndex(code)}, ${selectorSource(code)}`);
      printInstruction(frame);
      break;
    case Vector.InvalidOpcode:
      printInstruction(frame);
      break;
    default:
      break;
  }
}

function printPageFault(code: u64, address: u64): void {
  log.emergency(`  ${describeAccess(code)} 0x${hex(address, 16)}: ${describeDenial(code, address)}`);
  const overflow = (code & PageFaultBit.Protection) === 0 && isGuardOfStack(address);
  if (overflow) log.emergency("  stack overflow: the address is in the guard below a stack");
  const region = regionOf(address);
  if (region !== "") log.emergency(`  it is in ${region}`);
  printPageWalk(address);
}

function printRegisters(frame: TrapFrame): void {
  const mode = (frame.cs & 3) === 0 ? "kernel" : "program";
  log.emergency(`registers (${mode})`);
  log.emergency(`  rip ${hex(frame.rip, 16)}  rsp ${hex(frame.rsp, 16)}  rbp ${hex(frame.rbp, 16)}`);
  log.emergency(`  rax ${hex(frame.rax, 16)}  rbx ${hex(frame.rbx, 16)}  rcx ${hex(frame.rcx, 16)}`);
  log.emergency(`  rdx ${hex(frame.rdx, 16)}  rsi ${hex(frame.rsi, 16)}  rdi ${hex(frame.rdi, 16)}`);
  log.emergency(`  r8  ${hex(frame.r8, 16)}  r9  ${hex(frame.r9, 16)}  r10 ${hex(frame.r10, 16)}`);
  log.emergency(`  r11 ${hex(frame.r11, 16)}  r12 ${hex(frame.r12, 16)}  r13 ${hex(frame.r13, 16)}`);
  log.emergency(`  r14 ${hex(frame.r14, 16)}  r15 ${hex(frame.r15, 16)}  rflags ${hex(frame.rflags, 8)}`);
}
