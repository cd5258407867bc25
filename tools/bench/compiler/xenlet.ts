import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { compile } from "../../../compiler/driver.ts";

/** Compiles a program to C as for a guest, with all checks. Gives the file's path; throws with the compiler's messages. */
export async function compileToC(entry: string, directory: string): Promise<string> {
  const { c, diagnostics } = compile({ entry, target: "x86-xen", checked: true });
  if (c === undefined) {
    const list = diagnostics.map(({ code, message, span }) => `${span?.file ?? ""}: ${code}: ${message}`);
    throw new Error(list.join("\n"));
  }
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${path.basename(entry, ".ts")}.c`);
  await writeFile(file, c);
  return file;
}
