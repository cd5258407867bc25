/** Code that no compiler would make: it is written as bytes to a page of its own, which then becomes executable. */
import { functionAt, sliceAt } from "xenlet:unsafe";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import { DomainFrames } from "../arch/x86-xen/p2m.ts";
import { executable } from "../arch/x86-xen/page-entry.ts";
import { PteLock } from "../arch/x86-xen/pte-queue.ts";
import { panic } from "../lib/panic.ts";
import { frames, pteQueue, tables } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";
import { pageSize, toVirtAddr, virtNumber } from "../xen-abi/addresses.ts";

/** Where the code can be called, */
export const codeAddress = exerciseBase;
/** and where it is written. */
let codeAlias: u64 = 0;

/** Makes `code` callable, instead of what was there. The alias of the page stays writable, which only a test may have. */
export function install(code: Slice<u8>): void {
  if (codeAlias === 0) mapPage();
  const target = sliceAt<u8>(codeAlias, pageSize);
  target.fill(0xcc);
  target.copyFrom(code);
}

function mapPage(): void {
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) panic("no frame for the test's code");
  codeAlias = virtNumber(kernelAddress(frame.value));
  const page = new DomainFrames(frame.value);
  using lock = new PteLock(pteQueue);
  const mapped = tables.map(tables.kernelRoot, toVirtAddr(codeAddress), 1, page, executable);
  if (!mapped.ok) panic("no room for the test's code");
  pteQueue.flush();
}

export function callInstalled(): void {
  const call = functionAt<() => void>(codeAddress);
  call();
}

/** The same, for code that leaves something in %eax. */
export function askInstalled(): u32 {
  const call = functionAt<() => u32>(codeAddress);
  return call();
}
