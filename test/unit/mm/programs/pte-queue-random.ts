//> seed 1: batched and eager agree
//> seed 2: batched and eager agree
//> seed 3: batched and eager agree
//> nothing was refused, no table is lost
/** Random page-table work on the simulated machine, in both modes, against the model and against each other. */
import { print } from "xenlet:host";
import { PteExercise } from "../../../../kernel/selftest/pte-exercise.ts";
import {
  allocator,
  dataFrames,
  ground,
  machine,
  queue,
  refused,
  startMachine,
  tables,
  wipeFrames,
} from "../../../fakes/xen-machine.ts";

const base = 0xffffce0000000000;
const steps = 20000;
const work = new PteExercise(tables, ground, dataFrames, base);

export function main(): i32 {
  startMachine();
  const warm = exercise(99, false); // makes the tables of the exercise's pages, which stay
  assert(warm !== 0, "the first exercise saw something");
  const before = allocator.free;
  for (let seed: u64 = 1; seed <= 3; seed++) {
    const batched = exercise(seed, false);
    const eager = exercise(seed, true);
    if (batched === eager) print(`seed ${seed}: batched and eager agree`);
    else print(`seed ${seed}: batched ${hex(batched)}, eager ${hex(eager)}`);
  }
  if (refused === 0 && machine.refusals === 0 && allocator.free === before)
    print("nothing was refused, no table is lost");
  else print(`refused ${refused}, ${before - allocator.free} frames lost`);
  return 0;
}

function exercise(seed: u64, eager: boolean): u64 {
  wipeFrames();
  queue.eager = eager;
  work.restart(seed);
  work.run(steps);
  return work.digest;
}
