/** The slot ring on the host. */
import path from "node:path";
import { testPrograms } from "../program-tests.ts";

testPrograms(path.join(import.meta.dirname, "programs"));
