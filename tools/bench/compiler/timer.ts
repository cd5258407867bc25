/** The loop around a form's workload, itself compiled by xenlet (bench/compiler/timer.ts), and the clock beside it. */
import koffi from "koffi";

import type { Workload } from "./workload.ts";
import type { LoadedForm } from "./library.ts";

const ARGUMENTS = 6;

/** One workload of one loaded form, ready to be called. */
export interface Call {
  /** Calls it `calls` times; gives the last result. */
  repeat(calls: number): bigint;
}

export interface Timer {
  prepare(form: LoadedForm, workload: Workload): Call;
}

/** Loads the timer's library. */
export function loadTimer(library: string): Timer {
  const types = Array<string>(2 + ARGUMENTS).fill("uint64_t");
  const repeat = koffi.load(library).func("repeat", "uint64_t", types) as (...a: bigint[]) => number | bigint;
  return {
    prepare(form, workload) {
      const address = form.address(workload.symbol);
      const given = workload.arguments(form.arena.base);
      const all = [...given, ...Array<bigint>(ARGUMENTS - given.length).fill(0n)];
      return { repeat: (calls) => BigInt(repeat(address, BigInt(calls), ...all)) };
    },
  };
}

/** Nanoseconds that `calls` calls take. */
export function elapsed(call: Call, calls: number): number {
  const start = process.hrtime.bigint();
  call.repeat(calls);
  return Number(process.hrtime.bigint() - start);
}
