/** One run of the benchmark: builds every form, checks its results, and times what is right. */
import { mkdir } from "node:fs/promises";
import path from "node:path";

import type { CCompiler } from "../../../compiler/build/cc.ts";
import { nativeArena, writeInputs, type Arena } from "./arena.ts";
import { forms, prepareTimer, type Form, type FormName, type FormSource } from "./form.ts";
import { countInstructions } from "./instructions.ts";
import { layouts, type Layout } from "./layout.ts";
import { buildLibrary, loadForm } from "./library.ts";
import { measure } from "./measure.ts";
import { median } from "./statistics.ts";
import { loadTimer, type Timer } from "./timer.ts";
import { notWritten, verify, type Verdict } from "./verdict.ts";
import type { Workload } from "./workload.ts";
import { workloads } from "./workloads.ts";

/** One cell of the table. */
export interface Cell {
  readonly compiler: CCompiler;
  readonly workload: Workload;
  readonly form: FormName;
  /** "ok", or why there is no figure. */
  readonly verdict: Verdict;
  /** Nanoseconds an operation, and the ratio to C by the same C compiler; medians over the layouts. NaN without a figure. */
  readonly nanoseconds: number;
  readonly ratio: number;
  /** The smallest and the largest ratio of a layout: how much of a figure is where the code lies. */
  readonly spread: readonly [number, number];
  /** Instructions an operation; NaN where they were not counted. */
  readonly instructions: number;
}

/** A form built by one C compiler at every layout, and what its workloads came to. */
interface BuiltForm {
  readonly form: Form;
  readonly source: FormSource | undefined;
  readonly libraries: readonly string[];
  readonly verdicts: readonly Verdict[];
  /** Of a call of each workload; empty where they were not counted. */
  readonly instructions: readonly number[];
}

/** How to run. `step` hears what is in hand. */
export interface SessionOptions {
  readonly directory: string;
  readonly compilers: readonly CCompiler[];
  readonly rounds: number;
  /** Also count instructions, with valgrind: 15 s a form. */
  readonly instructions: boolean;
  step(text: string): void;
}

/** Builds, checks and measures everything. */
export async function runSession(options: SessionOptions): Promise<Cell[]> {
  const timerLibrary = await buildTimer(options.directory);
  const timer = loadTimer(timerLibrary);
  const cells: Cell[] = [];
  for (const compiler of options.compilers) {
    const built: BuiltForm[] = [];
    for (const form of forms) {
      options.step(`${form.name} by ${compiler}: building, checking results`);
      built.push(await buildForm(form, compiler, timerLibrary, options));
    }
    for (const [index, workload] of workloads.entries()) {
      options.step(`${workload.title} by ${compiler}: measuring`);
      cells.push(...measureWorkload(timer, compiler, workload, index, built, options.rounds));
    }
  }
  return cells;
}

async function buildTimer(directory: string): Promise<string> {
  const source = await prepareTimer(path.join(directory, "timer"));
  return buildLibrary(source, "clang", layouts[0] as Layout, path.join(directory, "timer"));
}

async function buildForm(
  form: Form,
  compiler: CCompiler,
  timerLibrary: string,
  options: SessionOptions,
): Promise<BuiltForm> {
  const directory = path.join(options.directory, form.name);
  try {
    await mkdir(directory, { recursive: true });
    const source = await form.prepare(directory);
    const libraries: string[] = [];
    for (const layout of layouts) libraries.push(await buildLibrary(source, compiler, layout, directory));
    const [library = ""] = libraries;
    const verdicts = verify(timerLibrary, library, source.ownArena);
    const complete = verdicts.every(
      (verdict) => !verdict.startsWith("stopped") && !verdict.startsWith("still"),
    );
    const written = verdicts.filter((verdict) => verdict !== notWritten).length;
    const counted = options.instructions && complete;
    const instructions = counted
      ? await countInstructions(timerLibrary, library, source.ownArena, written)
      : [];
    return { form, source, libraries, verdicts, instructions };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { form, source: undefined, libraries: [], verdicts: workloads.map(() => why), instructions: [] };
  }
}

/** Times the forms that are right, layout by layout, each beside C at the same layout. */
function measureWorkload(
  timer: Timer,
  compiler: CCompiler,
  workload: Workload,
  index: number,
  built: readonly BuiltForm[],
  rounds: number,
): Cell[] {
  const right = built.filter(({ verdicts }) => verdicts[index] === "ok");
  const nanoseconds = new Map<BuiltForm, number[]>(right.map((form) => [form, []]));
  const ratios = new Map<BuiltForm, number[]>(right.map((form) => [form, []]));
  const arenas = right.map(() => nativeArena()); // what a form keeps there between calls is no other's
  for (const at of layouts.keys()) {
    const calls = right.map(({ libraries, source }, i) => {
      const form = loadForm(libraries[at] as string, source?.ownArena === true, arenas[i] as Arena);
      writeInputs(form.arena, workload.regions);
      return timer.prepare(form, workload);
    });
    for (const [i, measurement] of measure(calls, rounds).entries()) {
      const form = right[i] as BuiltForm;
      nanoseconds.get(form)?.push(measurement.nanoseconds / workload.operations);
      ratios.get(form)?.push(measurement.ratio);
    }
  }
  return built.map((form) => {
    const all = ratios.get(form) ?? [];
    return {
      compiler,
      workload,
      form: form.form.name,
      verdict: form.verdicts[index] ?? "not run",
      nanoseconds: median(nanoseconds.get(form) ?? []),
      ratio: median(all),
      spread: [Math.min(...all), Math.max(...all)] as const,
      instructions: (form.instructions[index] ?? NaN) / workload.operations,
    };
  });
}
