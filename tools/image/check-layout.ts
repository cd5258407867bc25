/** Checks how an image would be laid out in memory: what libelf (`elf_load_binary`) and the builders assume of segments. */
import type { Description } from "./description.ts";
import {
  PF_W,
  PF_X,
  PT_DYNAMIC,
  PT_INTERP,
  PT_LOAD,
  SHF_EXECINSTR,
  SHF_WRITE,
  SHT_REL,
  SHT_RELA,
} from "./elf.ts";
import type { ElfImage, Segment } from "./elf.ts";
import { hex, type Finding, type FindingCode } from "./finding.ts";

const ET_EXEC = 2;
const EM_X86_64 = 62;
const PAGE = 0x1000n;
/** The kernel's window: from VIRT_BASE up to the end of the address space, where the bootstrap mapping has to fit too. */
const TOP = 1n << 64n;

/** All findings about type, segments and relocations. */
export function checkLayout(elf: ElfImage, notes: Description | undefined): Finding[] {
  const loads = elf.segments.filter((segment) => segment.type === PT_LOAD && segment.memsz > 0n);
  return [
    ...checkHeader(elf),
    ...checkDynamic(elf),
    ...checkLoads(elf, loads),
    ...loads.flatMap((segment) => checkSegment(elf, segment, notes)),
    ...checkOverlaps(loads),
  ];
}

function checkHeader(elf: ElfImage): Finding[] {
  const findings: Finding[] = [];
  const refuse = (code: FindingCode, expected: string, got: string, advice: string): void => {
    findings.push({ code, subject: "ELF header", expected, got, advice });
  };
  if (elf.machine !== EM_X86_64)
    refuse("wrong-machine", "EM_X86_64 (62)", `${elf.machine}`, "Build for target x86-xen.");
  const known = elf.type === 3 ? "ET_DYN (3)" : elf.type === 1 ? "ET_REL (1)" : `${elf.type}`;
  const advice = "Builders do not relocate: link with linker.ld, without -pie or -r.";
  if (elf.type !== ET_EXEC) refuse("wrong-type", "ET_EXEC (2)", known, advice);
  return findings;
}

function checkDynamic(elf: ElfImage): Finding[] {
  const leftovers = [
    ...elf.segments.filter(({ type }) => type === PT_INTERP).map(() => "an interpreter (PT_INTERP)"),
    ...elf.segments.filter(({ type }) => type === PT_DYNAMIC).map(() => "a dynamic section (PT_DYNAMIC)"),
    ...elf.sections
      .filter(({ type, size }) => (type === SHT_RELA || type === SHT_REL) && size > 0n)
      .map(({ name, size }) => `relocations (${name}, ${size} bytes)`),
  ];
  const advice = "Nothing applies them at boot: compile with -fno-pic and link with -static.";
  return leftovers.map((got) => ({
    code: "dynamic-linking",
    subject: "image",
    expected: "a finished image",
    got,
    advice,
  }));
}

function checkLoads(elf: ElfImage, loads: readonly Segment[]): Finding[] {
  const findings: Finding[] = [];
  if (loads.length === 0) {
    const advice = "Keep the PHDRS of linker.ld.";
    findings.push({
      code: "no-load-segment",
      subject: "image",
      expected: "PT_LOAD segments",
      got: "none",
      advice,
    });
  }
  const entry = loads.find(({ vaddr, memsz }) => elf.entry >= vaddr && elf.entry < vaddr + memsz);
  const writable = elf.sections.filter(
    ({ flags }) => (flags & SHF_EXECINSTR) !== 0n && (flags & SHF_WRITE) !== 0n,
  );
  const places = writable.map(({ name }) => `section ${name}`);
  if (entry && (entry.flags & PF_W) !== 0) places.push(`segment ${entry.index}, where the entry is`);
  for (const subject of places) {
    const advice =
      "The kernel maps it as the segment says: take W from its PHDRS line, and `write` from the section.";
    findings.push({
      code: "text-writable",
      subject,
      expected: "read and execute only",
      got: "writable",
      advice,
    });
  }
  return findings;
}

function checkSegment(elf: ElfImage, segment: Segment, notes: Description | undefined): Finding[] {
  const findings: Finding[] = [];
  const refuse = (code: FindingCode, expected: string, got: string, advice: string): void => {
    findings.push({ code, subject: `segment ${segment.index}`, expected, got, advice });
  };
  const { vaddr, paddr, offset, filesz, memsz, flags } = segment;
  const end = vaddr + memsz;
  if (!elf.slice(offset, filesz)) {
    refuse(
      "segment-outside-file",
      "its bytes inside the file",
      `${hex(filesz)} at ${hex(offset)}`,
      "The file was cut: link it again.",
    );
  }
  if (filesz > memsz) {
    refuse(
      "segment-size",
      `p_filesz at most p_memsz, ${hex(memsz)}`,
      hex(filesz),
      "The header is damaged: link it again.",
    );
  }
  if (vaddr % PAGE !== 0n || paddr % PAGE !== 0n) {
    const got = `p_vaddr ${hex(vaddr)}, p_paddr ${hex(paddr)}`;
    refuse(
      "segment-unaligned",
      "both addresses multiples of 0x1000",
      got,
      "Page permissions end at pages: ALIGN it in linker.ld.",
    );
  }
  if ((flags & PF_W) !== 0 && (flags & PF_X) !== 0) {
    refuse(
      "segment-writable-executable",
      "writable or executable",
      "both",
      "Split it in two in the PHDRS of linker.ld.",
    );
  }
  const base = notes?.VIRT_BASE;
  if (base === undefined) return findings;
  if (vaddr < base || end > TOP) {
    const expected = `addresses from VIRT_BASE, ${hex(base)}, up`;
    refuse(
      "segment-outside-window",
      expected,
      `${hex(vaddr)}..${hex(end)}`,
      "The builder maps nothing below: correct linker.ld or VIRT_BASE.",
    );
  }
  // libelf goes by p_paddr only; p_vaddr is what the code was linked for.
  const mapped = base - (notes?.PADDR_OFFSET ?? 0n) + paddr;
  if (mapped !== vaddr) {
    const expected = `p_paddr + VIRT_BASE - PADDR_OFFSET to be p_vaddr, ${hex(vaddr)}`;
    refuse(
      "segment-misplaced",
      expected,
      hex(BigInt.asUintN(64, mapped)),
      "It would be loaded elsewhere than linked: correct AT() in linker.ld.",
    );
  }
  return findings;
}

/** Two segments on one page would need both their permissions on it. */
function checkOverlaps(loads: readonly Segment[]): Finding[] {
  const findings: Finding[] = [];
  const sorted = [...loads].sort((a, b) => (a.vaddr < b.vaddr ? -1 : 1));
  for (const [index, segment] of sorted.entries()) {
    const before = sorted[index - 1];
    if (!before) continue;
    const end = ((before.vaddr + before.memsz + PAGE - 1n) / PAGE) * PAGE;
    if (segment.vaddr >= end) continue;
    const expected = `a start behind segment ${before.index}, which needs pages up to ${hex(end)}`;
    const advice = "Give each segment pages of its own: ALIGN between them in linker.ld.";
    findings.push({
      code: "segment-overlap",
      subject: `segment ${segment.index}`,
      expected,
      got: hex(segment.vaddr),
      advice,
    });
  }
  return findings;
}
