/**
 * `test=trap-failsafe`: a selector that was good when it was loaded, and is not when Xen comes back to this vCPU from another
 * one: the failsafe callback. For a guest: beside the first domain alone there is no other one.
 */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { probeWrite } from "../arch/x86-xen/fixups.ts";
import { mmuextOp } from "../arch/x86-xen/hypercall/mmu.ts";
import { pollUntil } from "../arch/x86-xen/hypercall/sched.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { readOnly } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import * as log from "../lib/log.ts";
import { clearFrame, frames, pteQueue, tables } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { virtNumber } from "../xen-abi/addresses.ts";
import { MmuextCommand, MmuextOp } from "../xen-abi/mmu.ts";
import { callInstalled, install } from "./machine-code.ts";

const millisecond = 1000000;
/** All addresses, writable, for rings 0 to 3 (Intel SDM volume 3, section 3.4.5). */
const flatData: u64 = 0x00cff3000000ffff;

export function loseSelector(): void {
  const frame = frames.allocate(Owner.Tests);
  assert(frame.ok, "there is memory for a page");
  clearFrame(frame.value);
  const table = kernelAddress(frame.value);
  const written = probeWrite(virtNumber(table), flatData);
  assert(written.ok, "a page that was allocated can be written to");
  {
    using lock = new PteLock(pteQueue);
    tables.protect(tables.kernelRoot, table, 1, readOnly); // or Xen takes no descriptors from it
  }
  setLdt(virtNumber(table), 1);
  const code: FixedArray<u8, 8> = [0xb8, 7, 0, 0, 0, 0x8e, 0xe0, 0xc3]; // mov $7,%eax; mov %eax,%fs; ret
  install(code);
  callInstalled();
  setLdt(0, 0);
  log.info("failsafe: %fs has the first descriptor of a table that is gone");
  for (let turn: u32 = 0; turn < 100; turn++) pollUntil(systemTime() + millisecond); // others run
  log.error("failsafe: Xen has not minded");
}

function setLdt(address: u64, descriptors: u64): void {
  const operations = new FixedArray<MmuextOp, 1>();
  operations[0].cmd = MmuextCommand.SetLdt;
  operations[0].arg1.linearAddr = address;
  operations[0].vcpuMask = descriptors; // `arg2.nr_ents` lies there
  const set = mmuextOp(operations);
  assert(!set.refused, "Xen takes the table");
}
