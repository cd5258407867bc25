/**
 * Calls every workload of one form once, and compares what it returns and what it leaves in memory with what it must.
 * Runs as a process of its own (arguments: the timer's library, the form's, "own" or "shared", the first workload's number), since a
 * form with a defect may end it. Prints a line per workload: "ok", or what was wrong.
 */
import { findDifference, nativeArena, writeInputs } from "./arena.ts";
import { loadForm } from "./library.ts";
import { loadTimer } from "./timer.ts";
import { notWritten } from "./verdict.ts";
import { workloads } from "./workloads.ts";

const [timerLibrary = "", library = "", arena = "", first = "0"] = process.argv.slice(2);
const timer = loadTimer(timerLibrary);
const form = loadForm(library, arena === "own", nativeArena());
for (const workload of workloads.slice(Number(first))) {
  writeInputs(form.arena, workload.regions);
  if (!form.has(workload.symbol)) {
    console.log(notWritten);
    continue;
  }
  const result = timer.prepare(form, workload).repeat(1);
  const wrongResult = result === workload.result ? undefined : `expected ${workload.result}, got ${result}`;
  console.log(wrongResult ?? findDifference(form.arena, workload.regions) ?? "ok");
}
