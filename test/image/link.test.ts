/** The link step refuses what would make a bad image, in the failing program's own words, and says what to do. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

import test from "ava";

import { linkGuest } from "../../compiler/build/link.ts";
import { runTool, ToolError } from "../../compiler/build/tool.ts";
import { buildWithMain, linkObject, projectRoot, temporaryDirectory } from "./fixtures/guest.ts";

test("an undefined symbol is named, with what to do", async (t) => {
  const failing = buildWithMain("    extern nowhere\n    call nowhere\n");
  const error = await t.throwsAsync(failing, { instanceOf: ToolError });
  t.regex(error?.message ?? "", /undefined reference to `nowhere'/);
  t.regex(error?.message ?? "", /An undefined symbol wants a function with that `@export` name/);
});

test("a section that linker.ld does not place is refused", async (t) => {
  const failing = buildWithMain("    lea rax, [odd]\nsection .odd write\nodd: dq 0\nsection .text.main\n");
  const error = await t.throwsAsync(failing, { instanceOf: ToolError });
  t.regex(error?.message ?? "", /unplaced orphan section `\.odd'/);
});

test("code that should run before xenlet_main is refused", async (t) => {
  const failing = buildWithMain("    ret\nsection .init_array write\ndq xenlet_main\nsection .text.main\n");
  const error = await t.throwsAsync(failing, { instanceOf: ToolError });
  t.regex(error?.message ?? "", /wants code run before xenlet_main/);
});

test("a position-independent object is refused", async (t) => {
  const directory = temporaryDirectory();
  const [source, object] = [path.join(directory, "pic.c"), path.join(directory, "pic.o")];
  writeFileSync(
    source,
    `extern int other; int *other_at(void) { return &other; }
     __asm__(".globl other\\n.data\\nother: .long 0\\n.text\\nmovq other@GOTPCREL(%rip), %rbx\\npushq other@GOTPCREL(%rip)\\n");
     void xenlet_main(void *i) { other_at(); } void trap_dispatch(void *f) {} void event_upcall(void *f) {}
     void failsafe_dispatch(void *f) {}`,
  );
  execFileSync("gcc", ["-c", "-fPIC", "-O0", source, "-o", object]);
  const error = await t.throwsAsync(linkObject(directory, object), { instanceOf: ToolError });
  t.regex(error?.message ?? "", /compile with -fno-pic/);
});

test("a mistake in an assembler source is shown as nasm says it", async (t) => {
  const directory = temporaryDirectory();
  const source = path.join(directory, "bad.S");
  writeFileSync(source, "section .text\n    mov rax\n");
  const options = { object: "none.o", nameMap: {}, output: path.join(directory, "x.elf"), projectRoot };
  const failing = linkGuest({ ...options, cacheDir: directory, bootSources: [source] });
  const error = await t.throwsAsync(failing, { instanceOf: ToolError });
  t.regex(error?.message ?? "", /bad\.S:2: error: invalid combination of opcode and operands/);
  t.regex(error?.message ?? "", /Correct .*bad\.S at the line that nasm names/);
});

test("a program that is not installed is named with its Debian package", async (t) => {
  const run = { program: "no-such-linker", args: [], debianPackage: "binutils", advice: "" };
  await t.throwsAsync(runTool(run), {
    message: "no-such-linker: not found; install it: apt install binutils",
  });
});
