/** Frames, heap, page tables and the pte queue on the host, on a simulated machine where they need one. */
import { join } from "node:path";

import { testPrograms } from "../program-tests.ts";

testPrograms(join(import.meta.dirname, "programs"));
