/**
 * How a figure is taken and printed. A line is `bench: NAME VALUE UNIT`; whoever reads the console looks for these.
 *
 * Each body does a thing `rounds` times; what its loop costs is part of the figure, one or two instructions. Of several runs
 * the shortest counts: a longer one has somebody else's work in it.
 */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import * as log from "../lib/log.ts";

/** Does what is measured `rounds` times. */
export type Body = (rounds: u64) => void;

const runs = 5;

/** Prints what one round of `body` takes, in nanoseconds; in a round, it does what is measured `each` times. */
export function measure(name: string, rounds: u64, each: u64, body: Body): void {
  body(1); // whatever is done only once is done now
  let least: u64 = 0xffffffffffffffff;
  for (let run: u64 = 0; run < runs; run++) {
    const since = systemTime();
    body(rounds);
    least = min<u64>(least, systemTime() - since);
  }
  const tenths: u64 = (least * 10 + (rounds * each) / 2) / (rounds * each);
  log.info(`bench: ${name} ${tenths / 10}.${tenths % 10} ns`);
}

/** Prints a figure that was not timed: `unit` says of what it is. */
export function note(name: string, value: u64, unit: string): void {
  log.info(`bench: ${name} ${value} ${unit}`);
}
