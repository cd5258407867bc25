/** What the image check reports: one thing that a toolstack or Xen would refuse, or that would fail inside the guest. */

/** Names of the refusals; each has a test in test/image. */
export type FindingCode =
  | "not-elf"
  | "truncated"
  | "wrong-class"
  | "wrong-byte-order"
  | "wrong-machine"
  | "wrong-type"
  | "no-load-segment"
  | "segment-outside-file"
  | "segment-size"
  | "segment-unaligned"
  | "segment-overlap"
  | "segment-outside-window"
  | "segment-misplaced"
  | "segment-writable-executable"
  | "text-writable"
  | "dynamic-linking"
  | "notes-missing"
  | "note-malformed"
  | "note-missing"
  | "note-refused"
  | "guest-section-missing"
  | "guest-section-malformed"
  | "notes-contradict"
  | "entry-contradicts"
  | "entry-outside-text"
  | "hypercall-page-unaligned"
  | "hypercall-page-outside-text"
  | "undecodable-instruction"
  | "privileged-instruction"
  | "floating-point-instruction"
  | "disassembler-failed";

/** One refusal. All texts are for people; `code` is for programs. */
export interface Finding {
  readonly code: FindingCode;
  /** What it is about: "segment 2", "note ENTRY", "kernel/main.ts:12 in main". */
  readonly subject: string;
  readonly expected: string;
  readonly got: string;
  /** What to do. */
  readonly advice: string;
}

/** A finding as mkimage prints it. */
export function formatFinding(finding: Finding): string {
  const { code, subject, expected, got, advice } = finding;
  return `${subject}: expected ${expected}, got ${got} [${code}]\n    ${advice}`;
}

/** An address or size in the notation of all findings. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
