/** Programs in C that tests run in dom0. */
import { join } from "node:path";

import { staticProgram } from "../../tools/rig/static-program.ts";

/** The program made from `fixtures/NAME.c`, which needs no library in dom0. */
export function dom0Program(name: string): Buffer {
  return staticProgram(join(import.meta.dirname, `fixtures/${name}.c`));
}
