/** What the kernel's self-tests must leave behind, whatever way the kernel was booted. */
import type { ExecutionContext } from "ava";

import { literally, marked } from "./kernel.ts";

/** One defect on purpose. */
export interface Defect {
  /** The value of `test=`, which is also the mark of its line. */
  readonly name: string;
  /** The function that the defect is in. */
  readonly function: string;
  /** What the report says of the cause. `AT` stands for the marked file and line. */
  readonly cause: string;
}

export const defects: readonly Defect[] = [
  { name: "panic", function: "panicOnPurpose", cause: "^panic: on purpose, as asked for$" },
  {
    name: "divide",
    function: "divideByZero",
    cause: "^panic: division by zero at AT \\(1000 against 0\\)$",
  },
  {
    name: "bounds",
    function: "readBeyondEnd",
    cause: "^panic: index out of bounds at AT \\(4 against 4\\)$",
  },
  {
    name: "null",
    function: "readNull",
    cause:
      "^unexpected trap: page fault \\(vector 14, error code 0x0\\)\n" +
      "  read of 0x00000000000000..: nothing is mapped there \\(a null reference\\)$",
  },
  {
    name: "text",
    function: "writeText",
    cause:
      "^unexpected trap: page fault \\(vector 14, error code 0x3\\)\n" +
      "  write to 0xffffffff80000000: the page is not writable$",
  },
  {
    name: "constants",
    function: "writeConstants",
    cause: "^unexpected trap: page fault .*\n  write to 0xffffffff80......: the page is not writable$",
  },
  {
    name: "guard",
    function: "overrunStack",
    cause: "^unexpected trap: page fault .*\n  write to 0xffffffff80...ff8: nothing is mapped there$",
  },
  {
    name: "execute",
    function: "executeData",
    cause:
      "^unexpected trap: page fault .*\n  instruction fetch from 0xffffffff80......: the page is not executable$",
  },
];

const register = "[0-9a-f]{16}";

/** Requires the whole report: cause, registers, and a backtrace from the defect's line out to the assembly that started it. */
export function assertReport(t: ExecutionContext, defect: Defect, console: string): void {
  const at = literally(marked(defect.name));
  t.regex(console, new RegExp(defect.cause.replace("AT", at), "m"));
  t.regex(console, /^registers \(kernel\)$/m);
  t.regex(console, new RegExp(`^  rip ${register}  rsp ${register}  rbp ${register}$`, "m"));
  t.regex(console, new RegExp(`^  r14 ${register}  r15 ${register}  rflags [0-9a-f]{8}$`, "m"));

  const backtrace = console.slice(console.indexOf("\nbacktrace\n"));
  t.regex(backtrace, new RegExp(`^  at ${defect.function} \\(${at}\\)$`, "m"));
  // Before these comes runNamed, unless clang makes one piece of several calls of it, all inlined.
  const outwards = ["SelfTests.prepare", "boot", "xenletMain", "start"]
    .map((name) => `  at ${name}[^(]* \\([^)]*\\)\n(.*\n)?`)
    .join("");
  t.regex(backtrace, new RegExp(`\\(${at}\\)\n(.*\n)?${outwards}`));
  t.notRegex(backtrace, /xl_|xenlet\.h|the chain breaks/);
}
