/**
 * Every figure of the benchmark: its name on the guest's console, what it is, what it is compared with. A figure that a guest
 * does not print is listed as not measured.
 */
import recordedFigures from "./recorded.json" with { type: "json" };

/** One figure. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** `ns`, `bytes`, or of what it is a number. */
  readonly unit: string;
  readonly group: string;
  /** The figure of Xen's own share in it, from the same run. */
  readonly floor?: string;
}

function group(name: string, figures: readonly (readonly [string, string, string, string?])[]): Figure[] {
  return figures.map(([figure, title, unit, floor]) => ({
    name: figure,
    title,
    unit,
    group: name,
    ...(floor === undefined ? {} : { floor }),
  }));
}

export const figures: readonly Figure[] = [
  ...group("Hypercalls: the floor", [
    ["hypercall.null", "null hypercall (xen_version)", "ns"],
    ["hypercall.cheapest", "cheapest hypercall (stack_switch)", "ns"],
    ["hypercall.multicall-entry", "one entry of a multicall", "ns"],
  ]),
  ...group("Page-table writes: the floor, an entry", [
    ["pte.single.floor", "mmu_update of 1 entry", "ns"],
    ["pte.batch8.floor", "mmu_update of 8", "ns"],
    ["pte.batch64.floor", "mmu_update of 64", "ns"],
    ["pte.batch512.floor", "mmu_update of 512", "ns"],
    ["pte.map.floor", "mmu_update of 1 entry, mapping and unmapping", "ns"],
    ["pte.same.floor", "mmu_update to the same value, in 512", "ns"],
    ["pte.va-mapping", "update_va_mapping, no flush", "ns"],
    ["pte.va-mapping-invlpg", "update_va_mapping, INVLPG", "ns"],
    ["pte.va-mapping-multicall512", "update_va_mapping in a multicall of 512", "ns"],
    ["tlb.flush", "TLB flush of this vCPU", "ns"],
    ["tlb.page", "INVLPG of a page", "ns"],
    ["tlb.page8", "INVLPG of a page, 8 in a call", "ns"],
  ]),
  ...group("Page-table writes: the pte queue, an entry, TLB flushes included", [
    ["pte.single", "1 entry", "ns", "pte.va-mapping-invlpg"],
    ["pte.batch8", "batch of 8", "ns", "pte.batch8.floor"],
    ["pte.batch64", "batch of 64", "ns", "pte.batch64.floor"],
    ["pte.batch512", "batch of 512", "ns", "pte.batch512.floor"],
    ["pte.same", "same value again: Xen is not asked", "ns", "pte.same.floor"],
    ["pte.remap512", "remapping a range of 512 pages", "ns", "pte.batch512.floor"],
    ["pte.batch512.hypercalls", "hypercalls for 512 entries", "calls"],
    ["pte.batch512.flushes", "TLB flushes for 512 entries", "flushes"],
  ]),
  ...group("Whole operations on memory, batched and eager", [
    ["queue.protect512", "rights of a range, a page: batched", "ns"],
    ["eager.protect512", "the same, eager", "ns"],
    ["queue.space-empty", "address space, empty, made and ended: batched", "ns"],
    ["eager.space-empty", "the same, eager", "ns"],
    ["queue.space-512", "address space with 512 pages, made and ended: batched", "ns"],
    ["eager.space-512", "the same, eager", "ns"],
    ["queue.space-512.hypercalls", "hypercalls for that: batched", "calls"],
    ["eager.space-512.hypercalls", "hypercalls for that: eager", "calls"],
  ]),
  ...group("Events", [
    ["event.self", "event to self, round trip", "ns", "event.masked"],
    ["event.masked", "event to a masked port: the floor", "ns"],
    ["event.mask-unmask", "masking and unmasking upcalls", "ns"],
  ]),
  ...group("Tasks and time", [
    ["task.switch-pair", "yield to another task and back (two switches)", "ns"],
    ["task.yield-alone", "yield with nobody else", "ns"],
    ["task.start-join", "start a task, run it, join it", "ns"],
    ["mutex.lock-unlock", "lock and unlock a free mutex", "ns"],
    ["channel.round-trip", "message to another task and back", "ns"],
    ["timer.set-clear", "set and clear a timer", "ns"],
    ["clock.read", "read the clock", "ns"],
  ]),
  ...group("Memory", [
    ["frame.allocate-free", "page allocate and free", "ns"],
    ["heap.64", "heap, 64 bytes: allocate and free", "ns"],
    ["stack.usual", "stack with a guard page, of the usual size: taken and given back", "ns"],
    ["stack.other", "stack of another size, mapped and unmapped", "ns"],
    ["copy.4096", "copy 4096 bytes", "ns"],
    ["copy.64", "copy 64 bytes", "ns"],
  ]),
  ...group("Grants", [
    ["grant.make-end", "grant a page, end the access", "ns"],
    ["grant.map-unmap", "map and unmap a granted page", "ns"],
    ["grant.map-unmap-16", "the same, 16 pages in a call, a page", "ns"],
    ["grant.copy-4096", "copy 4096 bytes by grant copy", "ns"],
    ["grant.copy-4096-16", "the same, 16 copies in a call, a copy", "ns"],
  ]),
];

/** Figures of each boot, at each size of memory. */
export const bootFigures: readonly Figure[] = group("Boot", [
  ["boot.entry", "unpause to the kernel's first instruction", "ns"],
  ["boot.banner", "unpause to the first lines on the console", "ns"],
  ["boot.ready", "unpause to idle", "ns"],
  ["boot.hypercalls", "hypercalls until then", "calls"],
  ["boot.seen", "unpause to the first byte at dom0, which has to wake up", "ns"],
  ["memory.used", "memory in use after boot", "bytes"],
]);

/** What stands in recorded.json. */
interface Recorded {
  readonly what: string;
  readonly how: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** Mini-OS, measured once in the same way, for machines that have no image of it. */
export const recorded: Recorded = recordedFigures;
