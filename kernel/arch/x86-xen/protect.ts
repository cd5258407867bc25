/**
 * Takes away what a segment of the image does not grant. The builder maps everything writable and executable; afterwards
 * instructions and constants cannot be changed, data cannot be executed, and the page under the stack faults.
 */
import { ptr, symbolAddress } from "xenlet:unsafe";
import {
  pageSize,
  toMfn,
  toVirtAddr,
  pfnNumber,
  virtNumber,
  type Mfn,
  type VirtAddr,
} from "../../xen-abi/addresses.ts";
import { FlushMode, Hypercall, MulticallEntry, type StartInfo } from "../../xen-abi/xen.ts";
import { multicall } from "./hypercall.ts";
import { bootstrapFrame } from "./memory-map.ts";
import { executable, notPresent, pageEntry, readOnly, writable, type PageFlags } from "./page-entry.ts";

const batchLimit = 32;
const batch = new FixedArray<MulticallEntry, 32>();

/** Pages whose entry Xen did not change as asked. */
@struct
class Protection {
  readonly list: VirtAddr;
  queued: usize = 0;
  refused: u64 = 0;

  constructor(list: VirtAddr) {
    this.list = list;
  }

  /** Everything from `start` to `end`, whole pages. */
  region(start: u64, end: u64, flags: PageFlags): void {
    for (let address: u64 = start; address < end; address += pageSize) {
      this.entry(address, pageEntry(this.frameAt(address), flags));
    }
  }

  entry(address: u64, entry: u64): void {
    if (this.queued >= batchLimit) this.flush();
    const call = batch[this.queued];
    call.op = Hypercall.UpdateVaMapping;
    call.args[0] = address;
    call.args[1] = entry;
    call.args[2] = FlushMode.OnePage;
    this.queued++;
  }

  flush(): void {
    if (this.queued === 0) return;
    const calls = batch.slice(0, this.queued);
    const made = multicall(calls);
    for (const call of calls) {
      if (!made.ok || call.result !== 0) this.refused++;
    }
    this.queued = 0;
  }

  /** The p2m list says which machine frame is behind an address of the image. */
  frameAt(address: u64): Mfn {
    const frame = bootstrapFrame(toVirtAddr(address));
    return toMfn(ptr<u64>(virtNumber(this.list) + pfnNumber(frame) * 8).load());
  }
}

/** Protects the image; the number of pages that Xen refused to change. */
export function protectImage(info: StartInfo): u64 {
  const protection = new Protection(info.mfnList);
  protection.region(symbolAddress("__text_start"), symbolAddress("__text_end"), executable);
  protection.region(symbolAddress("__rodata_start"), symbolAddress("__rodata_end"), readOnly);
  protection.region(symbolAddress("__line_table_start"), symbolAddress("__end"), readOnly);
  protection.region(symbolAddress("__data_start"), symbolAddress("shared_info_page"), writable);
  protection.region(symbolAddress("boot_stack"), symbolAddress("__data_end"), writable);
  protection.entry(symbolAddress("boot_stack_guard"), notPresent);
  protection.flush();
  return protection.refused;
}
