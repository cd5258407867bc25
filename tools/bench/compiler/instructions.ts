/** Counts the instructions of every workload of one form: exact, the same in every run, and blind to how long each takes. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { runTool } from "../../../compiler/build/tool.ts";
import { verifyCommand } from "./verdict.ts";
import { workloads } from "./workloads.ts";

/**
 * Instructions that one call of each workload takes, the timer's few included. Every workload must have run before; the first
 * `written` are those that the form has.
 */
export async function countInstructions(
  timerLibrary: string,
  library: string,
  ownArena: boolean,
  written: number,
): Promise<number[]> {
  const directory = await mkdtemp(path.join(tmpdir(), "xenlet-bench-"));
  const out = path.join(directory, "calls");
  try {
    await runTool({
      program: "valgrind",
      args: [
        ...["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=repeat", "--dump-after=repeat"],
        ...[
          `--callgrind-out-file=${out}`,
          process.execPath,
          ...verifyCommand(timerLibrary, library, ownArena, 0),
        ],
      ],
      debianPackage: "valgrind",
      advice: "Run without --instructions.",
    });
    const dumps = workloads.slice(0, written).map((_, i) => readFile(`${out}.${i + 1}`, "utf8"));
    return (await Promise.all(dumps)).map((dump) => Number(/^summary: (\d+)/m.exec(dump)?.[1]));
  } finally {
    await rm(directory, { recursive: true });
  }
}
