/** The page of hypercall entries. head.S poisons it; whoever builds the domain fills it, as our ELF notes ask. */
import { sliceAt, symbolAddress, trap } from "xenlet:unsafe";
import { pageSize } from "../../../xen-abi/addresses.ts";
import { Hypercall } from "../../../xen-abi/xen.ts";

const entryBytes = 32;
/** `ud2`, as head.S has it everywhere in the page. */
const poison = 0x0b0f;

/** The entries that the kernel uses. */
const used: FixedArray<u32, 18> = [
  Hypercall.SetTrapTable,
  Hypercall.MmuUpdate,
  Hypercall.StackSwitch,
  Hypercall.FpuTaskswitch,
  Hypercall.SetDebugreg,
  Hypercall.GetDebugreg,
  Hypercall.MemoryOp,
  Hypercall.Multicall,
  Hypercall.UpdateVaMapping,
  Hypercall.XenVersion,
  Hypercall.ConsoleIo,
  Hypercall.GrantTableOp,
  Hypercall.Iret,
  Hypercall.VcpuOp,
  Hypercall.MmuextOp,
  Hypercall.SchedOp,
  Hypercall.CallbackOp,
  Hypercall.EventChannelOp,
];

/** The first hypercall whose entry is still poisoned, or -1. */
export function firstPoisoned(page: Slice<u8>): i32 {
  for (const number of used) {
    if (page.readU16le(number * entryBytes) === poison) return number as i32;
  }
  return -1;
}

/**
 * Stops where Xen did not fill the page: without it there is no way to say a word, so the undefined instruction is the
 * message, and Xen's log shows its address.
 */
export function requireFilled(): void {
  if (firstPoisoned(sliceAt<u8>(symbolAddress("hypercall_page"), pageSize)) >= 0) trap();
}
