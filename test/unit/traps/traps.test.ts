/**
 * The decoder of privileged instructions, on the bytes that NASM makes, and on every other byte; error codes in words. The
 * programs print what they decode; it is compared under clang, gcc and the sanitizers.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import test from "ava";

import { projectRoot } from "../../../tools/rig/paths.ts";
import { compileToC, configurations, runC } from "../../compiler/run.ts";
import { literalPrograms } from "./literal-programs.ts";

/** What NASM calls the instruction, and what the kernel does. */
const instructions: readonly (readonly [assembly: string, name: string])[] = [
  ["cli", "cli"],
  ["sti", "sti"],
  ["hlt", "hlt"],
  ["iretq", "iret"],
  ["in al, 0x60", "in %al"],
  ["out 0x20, eax", "out %eax"],
  ["in al, dx", "in (%dx), %al"],
  ["in ax, dx", "in (%dx), %eax"],
  ["out dx, al", "out %al, (%dx)"],
  ["rep insb", "insb"],
  ["rep outsd", "outsl"],
  ["lgdt [rax]", "lgdt"],
  ["lidt [rbx+0x10]", "lidt"],
  ["lidt [r12+r13*8+0x12345678]", "lidt"],
  ["lgdt [rel $+0x100]", "lgdt"],
  ["lgdt [0x1234]", "lgdt"],
  ["sgdt [rax]", "sgdt"],
  ["sidt [rax]", "sidt"],
  ["lldt ax", "lldt"],
  ["ltr ax", "ltr"],
  ["sldt ax", "sldt"],
  ["str [rax]", "str"],
  ["smsw eax", "smsw"],
  ["lmsw ax", "lmsw"],
  ["invlpg [rax]", "invlpg"],
  ["invlpg [r9]", "invlpg"],
  ["swapgs", "swapgs"],
  ["clac", "clac"],
  ["stac", "stac"],
  ["monitor", "monitor"],
  ["mwait", "mwait"],
  ["xsetbv", "xsetbv"],
  ["vmcall", "vmcall"],
  ["vmmcall", "vmmcall"],
  ["clts", "clts"],
  ["invd", "invd"],
  ["wbinvd", "wbinvd"],
  ["o64 sysret", "sysret"],
  ["mov cr0, rax", "mov to cr0"],
  ["mov rax, cr2", "mov from cr2"],
  ["mov cr3, r11", "mov to cr3"],
  ["mov r8, cr3", "mov from cr3"],
  ["mov cr4, rbx", "mov to cr4"],
  ["mov cr8, rax", "mov to cr8"],
  ["mov rax, cr8", "mov from cr8"],
  ["mov dr7, rax", "mov to a debug register"],
  ["mov rax, dr0", "mov from a debug register"],
  ["wrmsr", "wrmsr"],
  ["rdmsr", "rdmsr"],
  ["rdpmc", "rdpmc"],
  ["sysexit", "sysexit"],
  ["invpcid rax, [rbx]", "invpcid"],
];

/** What the table does not have, though it begins alike. */
const ordinary: readonly string[] = [
  ...["nop", "ret", "syscall", "rdtsc", "cpuid", "ud2", "int3", "mov rax, rbx", "xgetbv", "rdtscp"],
  ...["verr ax", "lar eax, ecx", "pause", "popfq", "bsf rax, rcx", "movbe eax, [rbx]", "call rax"],
];

function assemble(instruction: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "xenlet-traps-"));
  try {
    const source = join(directory, "code.S");
    writeFileSync(source, `bits 64\n${instruction}\n`);
    execFileSync("nasm", ["-f", "bin", source, "-o", join(directory, "code")]);
    return readFileSync(join(directory, "code"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Decodes each piece of code in one program: a line for each. */
async function decodeAll(name: string, codes: readonly Buffer[]): Promise<string[][]> {
  const directory = join(projectRoot, "build/test-unit");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${name}.ts`);
  writeFileSync(file, literalPrograms(relative(directory, join(projectRoot, "kernel/arch/x86-xen")), codes));
  const c = compileToC(file);
  const all: string[][] = [];
  for (const configuration of configurations) {
    const { status, stdout, stderr } = await runC(c, configuration);
    if (status !== 0) throw new Error(`${configuration.name}: ${stdout}${stderr}`);
    all.push(stdout.trimEnd().split("\n"));
  }
  return all;
}

test("every privileged instruction is known by its name and length, and has a replacement", async (t) => {
  const codes = instructions.map(([assembly]) => assemble(assembly));
  const expected = instructions.map(([, name], index) => `${name}: ${codes[index]?.length} bytes, replaced`);
  for (const lines of await decodeAll("decode-privileged", codes)) t.deepEqual(lines, expected);
});

test("an instruction that the bytes end in is cut, wherever they end", async (t) => {
  const whole = instructions.map(([assembly]) => assemble(assembly));
  const cut = whole.flatMap((code) =>
    Array.from({ length: code.length - 1 }, (_, length) => code.subarray(0, length + 1)),
  );
  for (const lines of await decodeAll("decode-cut", cut)) {
    t.deepEqual(
      lines,
      cut.map(() => "cut"),
    );
  }
});

test("instructions that ring 3 may execute are not taken for privileged ones", async (t) => {
  const codes = ordinary.map(assemble);
  for (const lines of await decodeAll("decode-ordinary", codes)) {
    t.deepEqual(
      lines,
      codes.map(() => "other"),
    );
  }
});

test("whatever the bytes are, the decoder stays within them", async (t) => {
  let seed = 1;
  const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8;
  const codes = Array.from({ length: 400 }, () =>
    Buffer.from(
      Array.from(
        { length: 1 + (random() % 15) },
        () => [0x0f, 0x01, 0x66, 0x48, random() & 255][random() % 5] ?? 0,
      ),
    ),
  );
  for (const lines of await decodeAll("decode-random", codes)) {
    t.is(lines.length, codes.length);
    for (const [index, line] of lines.entries()) {
      const bytes = Number(/: (\d+) bytes/.exec(line)?.[1] ?? 0);
      t.true(bytes <= (codes[index]?.length ?? 0), line);
    }
  }
});
