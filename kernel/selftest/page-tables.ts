/** The page-table exercise on Xen itself: `test=pte seed=… count=…`. */
import { ptr } from "xenlet:unsafe";
import { exerciseBase } from "../arch/x86-xen/memory-layout.ts";
import { mfnOf } from "../arch/x86-xen/p2m.ts";
import { exerciseFrames, PteExercise, type ExerciseGround } from "./pte-exercise.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { kernelAddress } from "../arch/x86-xen/kernel-frames.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { extent } from "./self-test.ts";
import { virtNumber, type Mfn, type Pfn } from "../xen-abi/addresses.ts";
import { frames, pteQueue, tables } from "../mm/memory.ts";
import { Owner } from "../mm/owner.ts";

/** The machine itself: Xen settles everything, and a fault reports itself. */
@struct
class RealGround implements ExerciseGround {
  load(address: u64): u64 {
    return ptr<u64>(address).load();
  }

  store(address: u64, value: u64): void {
    ptr<u64>(address).store(value);
  }

  settle(): void {}

  fail(what: string, step: u64, got: u64, expected: u64): never {
    panic(`${what}: step ${step} gave 0x${hex(got)}, the model says 0x${hex(expected)}`);
  }
}

const ground = new RealGround();
const own = new FixedArray<Pfn, 64>();
const shown = new FixedArray<Mfn, 64>();
/** Of a size that a stack should not have to hold. */
const exercise = new PteExercise(tables, ground, shown, exerciseBase);

/** Does `extent.count` steps from `extent.seed` in batched and in eager mode, which must see the same. @allocates */
export function testPageTables(): void {
  if (!takeFrames()) panic("the page-table test needs 64 frames");
  const before = pteQueue.eager;
  const batched = runMode(false);
  const free = frames.free;
  const eager = runMode(true);
  pteQueue.eager = before;
  if (batched !== eager) panic(`batched mode saw 0x${hex(batched)}, eager mode 0x${hex(eager)}`);
  if (frames.free !== free) panic(`${free - frames.free} frames were lost`);
  if (pteQueue.counters.refused > 0) panic(`Xen refused ${pteQueue.counters.refused} requests`);
  releaseFrames();
  log.info(
    `page tables: ${extent.count} steps from seed ${extent.seed}, batched and eager agree on 0x${hex(batched, 16)}`,
  );
}

function runMode(eager: boolean): u64 {
  stampFrames();
  pteQueue.eager = eager;
  const counters = pteQueue.counters;
  const start = systemTime();
  const calls = counters.hypercalls;
  const entries = counters.entries;
  const flushes = counters.flushes;
  exercise.restart(extent.seed);
  exercise.run(extent.count);
  const took: u64 = (systemTime() - start) / 1000;
  log.info(
    `${eager ? "eager  " : "batched"}: ${counters.hypercalls - calls} hypercalls, ${counters.flushes - flushes} flushes for ${counters.entries - entries} entries in ${took} us`,
  );
  return exercise.digest;
}

function takeFrames(): boolean {
  for (let index: u64 = 0; index < exerciseFrames; index++) {
    const frame = frames.allocate(Owner.Tests);
    if (!frame.ok) return false;
    own[index] = frame.value;
    shown[index] = mfnOf(frame.value);
  }
  return true;
}

function stampFrames(): void {
  for (let index: u64 = 0; index < exerciseFrames; index++) {
    const at = ptr<u64>(virtNumber(kernelAddress(own[index])));
    at.store(index);
    at.add(1).store(0);
  }
}

function releaseFrames(): void {
  for (const frame of own) {
    const released = frames.release(frame);
    assert(released.ok, "the test had the frame");
  }
}
