/** Programs in C that run in a Linux with no library that they could be linked with. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program made from a C file. */
export function staticProgram(source: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "xenlet-program-"));
  try {
    const program = join(directory, "program");
    execFileSync("gcc", ["-O2", "-static", source, "-o", program]);
    return readFileSync(program);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
