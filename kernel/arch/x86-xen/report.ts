/** What an unexpected trap, or a panic, leaves behind: cause, registers, backtrace, and a domain that crashed. */
import { isAnnounced, nextEnding, Ending } from "../../lib/panic.ts";
import * as log from "../../lib/log.ts";
import { printBacktrace } from "./backtrace.ts";
import { vcpuInfo } from "./shared-info.ts";
import { crash } from "./shutdown.ts";
import type { TrapFrame } from "./trap-frame.ts";
import { describeAccess, describeDenial, describeVector, Vector } from "./vectors.ts";

/** entry.S's number for the failsafe callback. */
const failsafeVector = 257;

/** Reports the trap, or the panic that it belongs to, and ends the domain. A trap inside the report gets one line. */
export function reportTrap(frame: TrapFrame): never {
  const panicked = isAnnounced() && frame.vector === Vector.InvalidOpcode;
  switch (nextEnding()) {
    case Ending.Reporting:
      if (!panicked) printCause(frame);
      printRegisters(frame);
      log.emergency("backtrace");
      printBacktrace(frame);
      break;
    case Ending.LastWords:
      log.emergency(`${describeVector(frame.vector)} at ${hex(frame.rip, 16)}, inside the report above`);
      break;
    default:
      crash();
  }
  log.drain();
  crash();
}

function printCause(frame: TrapFrame): void {
  const vector = frame.vector;
  const code = frame.errorCode;
  if (vector === failsafeVector) {
    log.emergency(`unexpected trap: Xen could not restore the selectors ${hex(code, 16)} (gs fs es ds)`);
    return;
  }
  log.emergency(`unexpected trap: ${describeVector(vector)} (vector ${vector}, error code 0x${hex(code)})`);
  if (vector === Vector.PageFault) {
    const address = vcpuInfo().arch.cr2.load("relaxed");
    log.emergency(`  ${describeAccess(code)} 0x${hex(address, 16)}: ${describeDenial(code, address)}`);
  }
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
