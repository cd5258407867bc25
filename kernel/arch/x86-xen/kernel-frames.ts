/**
 * Where the kernel sees a frame: in the bootstrap mapping if that has it, else in the direct map. Never in both: a frame has
 * one address, so that what makes a page read-only (a page table, instructions) is one entry.
 */
import {
  pageSize,
  pfnNumber,
  toPfn,
  toVirtAddr,
  virtNumber,
  type Pfn,
  type VirtAddr,
} from "../../xen-abi/addresses.ts";
import { bootstrapAddress, kernelBase } from "./memory-map.ts";
import { directMapBase } from "./memory-layout.ts";

let bootstrapFrames: u64 = 0;

/** Frames from 0 on that the builder mapped. */
export function adoptBootstrap(frames: u64): void {
  bootstrapFrames = frames;
}

export function bootstrapFrameCount(): u64 {
  return bootstrapFrames;
}

/** The address of `frame`; it is mapped there once it is known to the frame allocator. */
export function kernelAddress(frame: Pfn): VirtAddr {
  const number = pfnNumber(frame);
  return number < bootstrapFrames ? bootstrapAddress(frame) : toVirtAddr(directMapBase + number * pageSize);
}

/** The frame at an address that `kernelAddress` gave. */
export function frameAtAddress(address: VirtAddr): Pfn {
  const base: u64 = virtNumber(address) >= kernelBase ? kernelBase : directMapBase;
  return toPfn((virtNumber(address) - base) / pageSize);
}
