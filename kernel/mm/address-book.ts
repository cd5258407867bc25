/** What the memory's side knows about an address or a frame: for the reports of traps. Nothing here allocates or waits. */
import { symbolAddress } from "xenlet:unsafe";
import { probeRead } from "../arch/x86-xen/fixups.ts";
import {
  directMapBase,
  exerciseBase,
  frameRecordsBase,
  grantTableBase,
  stackRegionBase,
  stackRegionEnd,
  windowRegionBase,
} from "../arch/x86-xen/memory-layout.ts";
import {
  contains,
  imageRegion,
  kernelBase,
  lineTableRegion,
  textRegion,
} from "../arch/x86-xen/memory-map.ts";
import type { AddressBook } from "../arch/x86-xen/page-walk.ts";
import { pageSize, pfnNumber, type Pfn } from "../xen-abi/addresses.ts";
import { hypervisorEnd, hypervisorStart } from "../xen-abi/arch-x86.ts";
import { FrameState, type FrameRecord } from "./frame-record.ts";
import { frames } from "./memory.ts";
import { ownerName, type Owner } from "./owner.ts";

@struct
export class KernelAddressBook implements AddressBook {
  regionOf(address: u64): string {
    if (address < pageSize) return "the null page";
    if (address < hypervisorStart) return "the lower half, which is for programs";
    if (address < hypervisorEnd) return "Xen's own";
    if (isIn(address, stackRegionBase, stackRegionEnd)) return "the stacks of tasks";
    if (address >= kernelBase) return imagePart(address);
    if (address >= grantTableBase) return "the grant table";
    if (address >= exerciseBase) return "the room of the page-table tests";
    if (address >= windowRegionBase) return "the windows";
    if (address >= frameRecordsBase) return "the frame records";
    return address >= directMapBase ? "the direct map" : "nobody's";
  }

  ownerOf(frame: Pfn): string {
    let number: u64 = pfnNumber(frame);
    if (!probeRead(frameRecordsBase + number * sizeOf<FrameRecord>()).ok) return "not opened yet"; // nor is its record
    while (number > 0 && frames.records[number].state === FrameState.Inside) number--; // to the block's first frame
    const record = frames.records[number];
    switch (record.state as u32 as FrameState) {
      case FrameState.Boot:
      case FrameState.Used:
        return ownerName(record.owner as u32 as Owner);
      case FrameState.Absent:
      case FrameState.Expected:
        return "not the allocator's";
      default:
        return "free";
    }
  }

  isStackGuard(address: u64): boolean {
    return isBootGuard(address) || isIn(address, stackRegionBase, stackRegionEnd);
  }
}

export const addressBook = new KernelAddressBook();

function isIn(address: u64, start: u64, end: u64): boolean {
  return address >= start && address < end;
}

function isBootGuard(address: u64): boolean {
  const guard = symbolAddress("boot_stack_guard");
  return isIn(address, guard, guard + pageSize);
}

function imagePart(address: u64): string {
  if (!contains(imageRegion(), address)) return "the bootstrap mapping";
  if (contains(textRegion(), address)) return "the kernel's instructions";
  if (contains(lineTableRegion(), address)) return "the kernel's line table";
  if (isBootGuard(address)) return "the guard page under the boot stack";
  return address < symbolAddress("__rodata_end") ? "the kernel's constants" : "the kernel's data";
}
