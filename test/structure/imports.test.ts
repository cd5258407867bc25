/** The import direction of docs and CONTRIBUTING, held by machine. */
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { checkRooms, findCycle, type Import, importsOf, sourceFiles } from "../../tools/check-deps.ts";

const kernel = sourceFiles("kernel").flatMap(importsOf);

test("kernel rooms import downward only", (t) => {
  t.true(kernel.length > 20, "the kernel's imports were found");
  t.deepEqual(checkRooms(kernel), []);
});

test("no circle of imports in the kernel", (t) => {
  t.is(findCycle(kernel), undefined);
});

test("a driver that imports another room's secrets is found", (t) => {
  const wrong: Import = { from: "kernel/net/tcp.ts", line: 3, to: "kernel/arch/x86-xen/events.ts" };
  t.regex(checkRooms([wrong]).join(), /kernel\/net\/tcp\.ts:3: .* net may import/);
  const drivers: Import = { from: "kernel/drivers/xenbus/a.ts", line: 1, to: "kernel/net/arp.ts" };
  t.is(checkRooms([drivers]).length, 1);
});

test("a circle is named file by file", (t) => {
  const edge = (from: string, to: string): Import => ({ from, line: 1, to });
  t.deepEqual(findCycle([edge("a", "b"), edge("b", "c"), edge("c", "b")]), ["b", "c", "b"]);
});

test("only the files of unsafe-files.txt import xenlet:unsafe in the kernel", (t) => {
  const list = readFileSync(path.join(import.meta.dirname, "unsafe-files.txt"), "utf8");
  const permitted = list.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const users = new Set(kernel.filter(({ to }) => to === "xenlet:unsafe").map(({ from }) => from));
  t.deepEqual([...users].sort(), permitted.sort());
});

test("one module of the compiler imports the typescript package", (t) => {
  const imports = ["compiler", "tools", "test"].flatMap(sourceFiles).flatMap(importsOf);
  const users = imports.filter(({ to }) => to === "typescript").map(({ from }) => from);
  t.deepEqual(users, ["compiler/typescript.ts"]);
});
