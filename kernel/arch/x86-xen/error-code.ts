/** The error codes that exceptions push, in words (Intel SDM volume 3, section 6.13). */

/** Bits of the codes of #TS, #NP, #SS and #GP. */
const enum SelectorBit {
  /** The event came from outside: an interrupt, not the instruction. */
  External = 1,
  /** The index is one of a gate in the interrupt table. */
  Gate = 2,
  /** The index is one of the local table. */
  Local = 4,
}

/** Which table a selector error is about. */
export function selectorTable(code: u64): string {
  if ((code & SelectorBit.Gate) !== 0) return "gate of the interrupt table (HYPERVISOR_set_trap_table)";
  return (code & SelectorBit.Local) !== 0
    ? "entry of the local descriptor table"
    : "entry of the global descriptor table";
}

/** The index in that table. */
export function selectorIndex(code: u64): u64 {
  return (code & 0xffff) >> 3;
}

/** Who was at fault. */
export function selectorSource(code: u64): string {
  return (code & SelectorBit.External) !== 0
    ? "while an interrupt was delivered"
    : "by the instruction itself";
}
