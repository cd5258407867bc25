/**
 * Disassembles all that an image could execute, and reports what ring 3 under Xen may not.
 *
 * A paravirtualized kernel asks Xen by hypercall for what these instructions do natively. Some would trap and be emulated
 * slowly, some end the domain, and some (`popf` with IF, left out here, as saving flags needs it) do nothing at all.
 * Whole segments are swept, not sections: a section header can hide code from objdump, not from the processor.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { openPlaces } from "./code-places.ts";
import { PF_X, PT_LOAD, type ElfImage, type Segment } from "./elf.ts";
import { type Finding, type FindingCode } from "./finding.ts";

/** Instead of what? The door in Xen's interface, by mnemonic (Intel syntax; a prefix stands for its family). */
const PRIVILEGED: readonly (readonly [mnemonics: RegExp, instead: string])[] = [
  [/^(cli|sti)$/, "Set or clear vcpu_info.evtchn_upcall_mask."],
  [/^hlt$/, "SCHEDOP_block sleeps until an event."],
  [/^(iret|iretd|iretw|iretq|sysret[dlq]?|sysexit[dlq]?|sysenter)$/, "Return by HYPERVISOR_iret (entry.S)."],
  [/^(lgdt|lldt|ltr|sgdt|sldt|str)$/, "set_gdt, and MMUEXT_SET_LDT; Xen owns the task state (stack_switch)."],
  [/^(lidt|sidt)$/, "set_trap_table."],
  [/^(lmsw|smsw|clts|clac|stac)$/, "fpu_taskswitch; Xen keeps CR0 and CR4 for itself."],
  [/^(invlpg|invlpga|invlpgb|invpcid|tlbsync)$/, "MMUEXT_INVLPG_LOCAL and its family."],
  [/^(invd|wbinvd|wbnoinvd)$/, "MMUEXT_FLUSH_CACHE."],
  [
    /^(rdmsr|wrmsr)$/,
    "set_segment_base, callback_op: Xen has a call for each register that a guest may set.",
  ],
  [/^(in|ins|out|outs)$/, "A guest has no ports; a driver talks to its backend over a ring."],
  [
    /^(swapgs|xsetbv|monitor|mwait|rsm|xsaves\w*|xrstors\w*|pconfig|skinit|getsec)$/,
    "Nothing replaces it in ring 3.",
  ],
  [/^(vm[a-z]+|stgi|clgi|invept|invvpid)$/, "Virtualization belongs to Xen; call it through hypercall_page."],
];
const MOVE_TO_SYSTEM_REGISTER = /^mov\s.*\b[cd]r\d+\b/;
const FLOATING_POINT_REGISTER = /\b([xyz]mm\d+|mm[0-7]|st(\(\d\))?|k[0-7])\b/;
const FLOATING_POINT =
  /^(f(?!s$)[a-z0-9]+|emms|femms|ldmxcsr|stmxcsr|vldmxcsr|vstmxcsr|xsave\w*|xrstor\w*|vzero\w+)$/;
/** Moving the whole state of a task that computes is the kernel's work, and computes nothing (kernel/arch/x86-xen/fpu.ts). */
const FLOATING_POINT_STATE = /^(fxsave64|fxrstor64)$/;
const PREFIX = /^(?:(?:lock|rep[a-z]*|data16|addr32|[c-g]s|ss|rex[.WRXB]*|notrack|bnd|xacquire|xrelease) +)+/;

/** A segment full of forbidden code needs no thousand lines: after so many of a kind only their number is said. */
const LISTED_PER_CODE = 20;

/** All findings about the code in executable segments. */
export function checkInstructions(elf: ElfImage): Finding[] {
  const placeOf = openPlaces(elf);
  const findings: Finding[] = [];
  const seen = new Map<FindingCode, number>();
  for (const segment of elf.segments) {
    if (segment.type !== PT_LOAD || (segment.flags & PF_X) === 0) continue;
    const listing = disassemble(elf, segment);
    if (typeof listing !== "string") {
      findings.push(listing);
      continue;
    }
    for (const [, address, text] of listing.matchAll(/^ *([0-9a-f]+):\t(.*?) *$/gm)) {
      const refusal = refuse((text ?? "").replace(PREFIX, ""));
      if (!refusal) continue;
      const count = (seen.get(refusal.code) ?? 0) + 1;
      seen.set(refusal.code, count);
      if (count > LISTED_PER_CODE) continue;
      findings.push({
        ...refusal,
        subject: placeOf(BigInt(`0x${address}`)),
        got: (text ?? "").replace(/\s+/g, " "),
      });
    }
  }
  return findings.concat([...seen].flatMap(([code, count]) => summarize(code, count)));
}

function refuse(instruction: string): Pick<Finding, "code" | "expected" | "advice"> | undefined {
  const mnemonic = /^\S+/.exec(instruction)?.[0] ?? "";
  if (mnemonic === "(bad)") {
    const advice = "Keep data out of .text, or look at it with objdump -d: what follows cannot be judged.";
    return { code: "undecodable-instruction", expected: "an instruction", advice };
  }
  const expected = "an instruction of ring 3";
  const privileged = PRIVILEGED.find(([mnemonics]) => mnemonics.test(mnemonic));
  if (privileged) return { code: "privileged-instruction", expected, advice: privileged[1] };
  if (MOVE_TO_SYSTEM_REGISTER.test(instruction)) {
    const advice = "mmuext_op for page tables, vcpu_info.arch.cr2, set_debugreg, fpu_taskswitch.";
    return { code: "privileged-instruction", expected, advice };
  }
  if (FLOATING_POINT_STATE.test(mnemonic)) return undefined;
  if (FLOATING_POINT.test(mnemonic) || FLOATING_POINT_REGISTER.test(instruction)) {
    const advice = "The kernel saves no such registers: compile with -mgeneral-regs-only.";
    return { code: "floating-point-instruction", expected: "general registers only", advice };
  }
  return undefined;
}

function summarize(code: FindingCode, count: number): Finding[] {
  if (count <= LISTED_PER_CODE) return [];
  const advice = "Correct those above first.";
  return [{ code, subject: "text", expected: "none", got: `${count - LISTED_PER_CODE} more`, advice }];
}

/** objdump's listing of one segment in Intel syntax, or the finding that it failed. */
function disassemble(elf: ElfImage, segment: Segment): string | Finding {
  const bytes = elf.slice(segment.offset, segment.filesz);
  if (!bytes || bytes.length === 0) return ""; // outside the file: "segment-outside-file" says so
  const directory = mkdtempSync(path.join(tmpdir(), "xenlet-image-"));
  try {
    const file = path.join(directory, "segment");
    writeFileSync(file, bytes);
    const raw = ["-D", "-z", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--no-show-raw-insn"];
    const args = [...raw, `--adjust-vma=0x${segment.vaddr.toString(16)}`, file];
    const { status, stdout, stderr, error } = spawnSync("objdump", args, {
      encoding: "utf8",
      maxBuffer: 1 << 30,
    });
    if (status === 0) return stdout;
    return {
      code: "disassembler-failed",
      subject: `segment ${segment.index}`,
      expected: "objdump to list it",
      got: error?.message ?? stderr.trim(),
      advice: "Install it: apt install binutils.",
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
