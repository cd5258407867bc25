/** The kernel's heap: where its frames are seen. */
import { frameAtAddress, kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import { toVirtAddr, virtNumber, type Pfn } from "../xen-abi/addresses.ts";
import { Heap, type FrameView } from "./heap.ts";
import { frames } from "./memory.ts";

@struct
class KernelView implements FrameView {
  addressOfFrame(frame: Pfn): u64 {
    return virtNumber(kernelAddress(frame));
  }

  frameOfAddress(address: u64): Pfn {
    return frameAtAddress(toVirtAddr(address));
  }
}

const view = new KernelView();
export const heap = new Heap(frames, view);
