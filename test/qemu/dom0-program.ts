/** Programs in C that tests run in dom0. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program made from `fixtures/NAME.c`, which needs no library in dom0. */
export function dom0Program(name: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "xenlet-test-"));
  try {
    const program = join(directory, name);
    const source = join(import.meta.dirname, `fixtures/${name}.c`);
    execFileSync("gcc", ["-O1", "-static", source, "-o", program]);
    return readFileSync(program);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
