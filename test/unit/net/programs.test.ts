/** Wire formats and the command line's option on the host. */
import { join } from "node:path";

import { testPrograms } from "../program-tests.ts";

testPrograms(join(import.meta.dirname, "programs"));
