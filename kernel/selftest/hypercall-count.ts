/**
 * `test=boot-calls`: how many hypercalls a boot makes. The kernel counts none; in the image that tests itself each entry of
 * the hypercall page is given an instruction that does, before booting begins. An entry has 32 bytes, of which Xen uses 14.
 */
import { addressOf, sliceAt, symbolAddress } from "xenlet:unsafe";
import { pageSize } from "../xen-abi/addresses.ts";
import { Hypercall } from "../xen-abi/xen.ts";
import { note } from "../bench/measure.ts";
import * as log from "../lib/log.ts";

const entryBytes = 32;
/** `inc qword [counter]`: three bytes of instruction, one that says "an address", and the address's low half. */
const incrementBytes = 8;
const increment = 0x2504ff48;

const counters = new FixedArray<u64, 64>();

/** The page is still writable, as the builder maps everything. */
export function countHypercalls(): void {
  const page = sliceAt<u8>(symbolAddress("hypercall_page"), pageSize);
  for (let number: u64 = 0; number < counters.length; number++) {
    const entry = page.slice(number * entryBytes, (number + 1) * entryBytes);
    for (let at: usize = entryBytes - 1; at >= incrementBytes; at--) entry[at] = entry[at - incrementBytes];
    entry.writeU32le(0, increment);
    entry.writeU32le(4, (addressOf(counters) + number * 8) as u32); // the kernel lies in the top 2 GiB
  }
}

type CallName = { readonly name: string; readonly call: Hypercall };

/** The ones that make up a boot. */
const shown: FixedArray<CallName, 8> = [
  { name: "mmu_update", call: Hypercall.MmuUpdate },
  { name: "mmuext_op", call: Hypercall.MmuextOp },
  { name: "update_va_mapping", call: Hypercall.UpdateVaMapping },
  { name: "event_channel_op", call: Hypercall.EventChannelOp },
  { name: "vcpu_op", call: Hypercall.VcpuOp },
  { name: "console_io", call: Hypercall.ConsoleIo },
  { name: "xen_version", call: Hypercall.XenVersion },
  { name: "grant_table_op", call: Hypercall.GrantTableOp },
];

/** What booting has cost, counted where no task has run yet. */
export function showBootCalls(): void {
  let all: u64 = 0;
  for (const count of counters) all += count;
  note("boot.hypercalls", all, "calls");
  for (const one of shown) log.info(`  ${one.name}: ${counters[one.call]}`);
  log.info("bench: done"); // for whoever reads the console
}
