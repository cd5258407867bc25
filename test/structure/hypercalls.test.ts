/** One door to Xen: every hypercall goes through kernel/arch/x86-xen/hypercall. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { sourceFiles } from "../../tools/check-deps.ts";
import { projectRoot } from "../../tools/rig/paths.ts";

const door = "kernel/arch/x86-xen/hypercall";

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), "utf8");
}

/** What each match of `pattern` in `text` has caught, in order. */
function caught(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match.slice(1).join(" "));
}

/** Assembly of the kernel, without comments. */
const assembly = ["boot", "kernel"]
  .flatMap((folder) =>
    readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((name) =>
      path.join(folder, name),
    ),
  )
  .filter((file) => file.endsWith(".S"))
  .map((file) => ({ file, code: read(file).replaceAll(/;.*$/gm, "") }));

test("only the door's folder declares or calls a stub", (t) => {
  const users = sourceFiles("kernel").filter((file) =>
    /\bHYPERVISOR_\w+\(/.test(read(file).replaceAll(/"[^"]*"/g, "")),
  );
  t.true(users.length > 5, "the stubs' users were found");
  t.deepEqual(
    users.filter((file) => path.dirname(file) !== door),
    [],
  );
});

test("assembly reaches Xen only through the hypercall page, and only the stubs and the way back from a trap do", (t) => {
  const jumps = assembly.filter(({ code }) => /\b(jmp|call)\s+hypercall_page\b/.test(code));
  t.deepEqual(jumps.map(({ file }) => file).sort(), ["kernel/arch/x86-xen/entry.S", `${door}/stubs.S`]);
  const entry = assembly.find(({ file }) => file.endsWith("entry.S"))?.code ?? "";
  t.deepEqual(
    new Set(caught(entry, /\bjmp\s+hypercall_page \+ (\w+)/g)),
    new Set(["HYPERVISOR_IRET"]),
    "entry.S returns from traps, and calls nothing else",
  );
  for (const { file, code } of assembly) t.notRegex(code, /\bsyscall\b|\bint\s+0x82\b/, file);
});

test("every stub has its number from xen.h, is declared once, and is looked for in the page before its first use", (t) => {
  const stubs = caught(read(`${door}/stubs.S`), /^hypercall_entry (\w+), (\d+)$/gm);
  const names = stubs.map((line) => line.split(" ")[0]);
  t.deepEqual(caught(read(`${door}/stubs.ts`), /^export declare function HYPERVISOR_(\w+)/gm), names);
  const header = read("kernel/xen-abi/xen.ts").split("enum Hypercall {")[1]?.split("}")[0] ?? "";
  const known = caught(header, /(\w+) = (\d+)/g).map((line) => line.toLowerCase());
  for (const stub of stubs) t.true(known.includes(stub.replaceAll("_", "")), stub);
  const checked = caught(read(`${door}/page.ts`), /^ {2}Hypercall\.(\w+),$/gm).map((name) =>
    name.toLowerCase(),
  );
  t.deepEqual(checked.sort(), [...names.map((name) => name?.replaceAll("_", "")), "iret"].sort());
});
