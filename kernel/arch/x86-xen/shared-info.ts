/** The page that the domain shares with Xen, and in it what belongs to the vCPU that asks. */
import { sharedAt, symbolAddress } from "xenlet:unsafe";
import { frameOf, toVirtAddr, type MachAddr } from "../../xen-abi/addresses.ts";
import { FlushMode, type SharedInfo, type VcpuInfo } from "../../xen-abi/xen.ts";
import { updateVaMapping } from "./hypercall/mmu.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { pageEntry, writable } from "./page-entry.ts";

/** Puts Xen's page into the window that linker.ld keeps for it. */
export function mapSharedInfo(address: MachAddr): Outcome {
  const window = toVirtAddr(symbolAddress("shared_info_page"));
  return updateVaMapping(window, pageEntry(frameOf(address), writable), FlushMode.OnePage);
}

/** Valid after `mapSharedInfo`; before it, a page of zeros. */
export function sharedInfo(): Shared<SharedInfo> {
  return sharedAt<SharedInfo>(symbolAddress("shared_info_page"));
}

/** What Xen shares with the vCPU that runs this: at this step there is one. */
export function vcpuInfo(): Shared<VcpuInfo> {
  return sharedInfo().vcpuInfo.at(0);
}
