/** The image check: everything that a toolstack, Xen's own builder or ring 3 would refuse, all at once. */
import { checkDescription } from "./check-description.ts";
import { checkInstructions } from "./check-instructions.ts";
import { checkLayout } from "./check-layout.ts";
import { readGuestSection, readNotes } from "./description.ts";
import { readElf } from "./elf.ts";
import type { Finding } from "./finding.ts";

/**
 * Checks a guest image (an ELF, not gzip'ed). An empty answer means that it is acceptable. The bytes may be anything: a
 * file that lies yields findings, never an exception.
 */
export function checkImage(bytes: Uint8Array): Finding[] {
  const { elf } = readElf(bytes);
  return [...checkStructure(bytes), ...(elf ? checkInstructions(elf) : [])];
}

/** The part of `checkImage` that runs no other program: headers, segments, notes. */
export function checkStructure(bytes: Uint8Array): Finding[] {
  const { elf, findings } = readElf(bytes);
  if (!elf) return findings;
  const notes = readNotes(elf, findings);
  const guestSection = readGuestSection(elf, findings);
  return [...findings, ...checkLayout(elf, notes), ...checkDescription(elf, notes, guestSection)];
}
