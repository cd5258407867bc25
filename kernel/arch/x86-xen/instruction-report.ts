/** Which instruction trapped, and if the processor keeps it to itself, what a guest does in its place. */
import * as log from "../../lib/log.ts";
import { probeCopy } from "./fixups.ts";
import { nameOfMsr, replacementOfMsr, replacementOfPort } from "./privileged-names.ts";
import { Subject } from "./privileged-table.ts";
import { decodePrivileged, longestInstruction, NotPrivileged, portInDx } from "./privileged.ts";
import type { TrapFrame } from "./trap-frame.ts";

/** Writes the bytes at the interrupted instruction, and what they are. @interrupt */
export function printInstruction(frame: TrapFrame): void {
  const bytes = new FixedArray<u8, 15>();
  const readable = probeCopy(bytes, frame.rip);
  if (readable === 0) {
    log.emergency("  the instruction cannot be read");
    return;
  }
  const code = bytes.slice(0, min<usize>(readable, longestInstruction));
  const found = decodePrivileged(code);
  if (!found.ok) {
    const first: u64 = code.length >= 8 ? byteSwap<u64>(code.readU64le(0)) : code[0];
    const cut = found.error === NotPrivileged.Cut ? ", cut short by the end of what can be read" : "";
    log.emergency(
      `  the instruction begins with 0x${hex(first)}${cut}; it is none that only Xen may execute`,
    );
    return;
  }
  const instruction = found.value;
  log.emergency(`  privileged instruction: ${instruction.name}, ${instruction.length} bytes`);
  if (instruction.subject === Subject.Msr) {
    const register = frame.rcx as u32;
    log.emergency(`  it is about 0x${hex(register)}, ${nameOfMsr(register)}`);
    log.emergency(`  under Xen, instead: ${replacementOfMsr(register)}`);
  } else if (instruction.subject === Subject.Port) {
    const port: u32 = instruction.port === portInDx ? (frame.rdx as u32) & 0xffff : instruction.port;
    log.emergency(`  it is about port 0x${hex(port)}`);
    log.emergency(`  under Xen, instead: ${replacementOfPort(port)}`);
  } else {
    log.emergency(`  under Xen, instead: ${instruction.instead}`);
  }
}
