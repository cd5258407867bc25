/** What ring 3 may not execute is found in the text, with the TypeScript line that it came from. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import test from "ava";

import { checkImage } from "../../tools/image/check.ts";
import { formatFinding, type Finding } from "../../tools/image/finding.ts";
import { buildGuest, buildWithMain, projectRoot, temporaryDirectory } from "./fixtures/guest.ts";
import { Patch } from "./fixtures/patch.ts";

const guest = await buildGuest("hello");
/** A place in .text with room: the hypercall page, which Xen overwrites. */
const ROOM = 0x100;

function assemble(instructions: readonly string[]): Buffer {
  const directory = temporaryDirectory();
  const source = path.join(directory, "code.S");
  writeFileSync(source, `bits 64\n${instructions.join("\n")}\n`);
  execFileSync("nasm", ["-f", "bin", source, "-o", path.join(directory, "code")]);
  return readFileSync(path.join(directory, "code"));
}

function findingsFor(instructions: readonly string[]): Finding[] {
  return checkImage(new Patch(guest.bytes).text(ROOM, assemble(instructions)).bytes);
}

const privileged: readonly (readonly string[])[] = [
  ["cli", "sti", "hlt", "clts", "invd", "wbinvd", "swapgs", "clac", "stac"],
  [
    "lgdt [rax]",
    "lidt [rax]",
    "lldt ax",
    "ltr ax",
    "lmsw ax",
    "sgdt [rax]",
    "sidt [rax]",
    "sldt ax",
    "str ax",
    "smsw ax",
  ],
  ["mov rax, cr0", "mov cr3, rax", "mov rax, cr8", "mov dr7, rax", "mov rax, dr0"],
  ["in al, dx", "in eax, 0x60", "out dx, al", "out 0x80, eax", "insb", "rep insd", "outsb", "rep outsd"],
  ["rdmsr", "wrmsr", "invlpg [rax]", "invpcid rax, [rbx]", "xsetbv", "monitor", "mwait", "rsm"],
  ["iretq", "iretd", "iretw", "sysret", "o64 sysret", "sysexit", "sysenter"],
  ["vmcall", "vmmcall", "vmrun", "stgi", "clgi", "vmxoff"],
];

for (const instructions of privileged) {
  test(`refused as privileged: ${instructions.join(", ")}`, (t) => {
    const findings = findingsFor(instructions);
    t.is(findings.length, instructions.length, findings.map(formatFinding).join("\n"));
    for (const { code, subject } of findings) {
      t.is(code, "privileged-instruction");
      t.regex(subject, /^hypercall_page.* at 0xffffffff800001/);
    }
  });
}

const floating: readonly (readonly string[])[] = [
  ["movaps xmm0, xmm1", "movss xmm3, [rax]", "movq xmm1, rax", "vaddpd ymm0, ymm1, ymm2", "ldmxcsr [rax]"],
  ["fld1", "fninit", "fstp st0", "fxsave [rax]", "emms", "movq mm0, [rax]", "xsave [rax]"],
];

for (const instructions of floating) {
  test(`refused as floating point: ${instructions.join(", ")}`, (t) => {
    const findings = findingsFor(instructions);
    t.is(findings.length, instructions.length, findings.map(formatFinding).join("\n"));
    for (const { code } of findings) t.is(code, "floating-point-instruction");
  });
}

test("accepted: what ring 3 may do, even where it looks alike", (t) => {
  const instructions = [
    ...["syscall", "int3", "ud2", "pushfq", "popfq", "rdtsc", "cpuid", "pause", "mfence", "ret", "rep movsb"],
    ...["fs mov rax, [0x10]", "mov fs, ax", "lock cmpxchg [rdi], rsi", "bsf rax, rcx", "movnti [rax], rcx"],
    ...["fxsave64 [rdi]", "fxrstor64 [rdi]"], // the kernel switches tasks that compute
  ];
  t.deepEqual(findingsFor(instructions), []);
});

test("bytes that are no instruction are refused, as nothing behind them can be judged", (t) => {
  const [finding] = checkImage(new Patch(guest.bytes).text(ROOM, Buffer.from([0x06])).bytes);
  t.is(finding?.code, "undecodable-instruction");
});

test("code between sections is found too, as the processor does not read section headers", (t) => {
  const hidden = new Patch(guest.bytes).text(ROOM, assemble(["wrmsr"])).section(".text", "sh_size", 0x10n);
  t.deepEqual(
    checkImage(hidden.bytes).map(({ code }) => code),
    ["privileged-instruction"],
  );
});

test("after twenty of a kind only their number is said", (t) => {
  const findings = findingsFor(Array<string>(25).fill("hlt"));
  t.is(findings.length, 21);
  t.is(findings.at(-1)?.got, "5 more");
});

test("the TypeScript function, file and line are named", async (t) => {
  const bad = await buildWithMain(`%line 12+0 ${projectRoot}/kernel/main.ts\n    wrmsr\n`, {
    xenlet_main: "Clock.start",
  });
  const findings = checkImage(bad.bytes);
  t.is(findings.length, 1);
  t.regex(
    findings.map(formatFinding).join(),
    /^Clock\.start \(kernel\/main\.ts:12\) at 0x\w+: expected an instruction of ring 3, got wrmsr/,
  );
});
