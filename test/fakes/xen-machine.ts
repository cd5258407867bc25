/** A domain on the simulated machine: page tables, the queue to them, and an allocator for the frames. */
import { print } from "xenlet:host";
import { exerciseFrames, type ExerciseGround } from "../../kernel/selftest/pte-exercise.ts";
import { PageTables, type TableFrames } from "../../kernel/arch/x86-xen/pagetable.ts";
import { PteQueue } from "../../kernel/arch/x86-xen/pte-queue.ts";
import type { MemoryFault } from "../../kernel/lib/memory-fault.ts";
import { FrameRecord } from "../../kernel/mm/frame-record.ts";
import { FrameAllocator, type FrameSource } from "../../kernel/mm/frames.ts";
import { Owner } from "../../kernel/mm/owner.ts";
import {
  noMfn,
  pfnNumber,
  toPfn,
  toVirtAddr,
  type Mfn,
  type VirtAddr,
} from "../../kernel/xen-abi/addresses.ts";
import { Errno } from "../../kernel/xen-abi/errno.ts";
import { frameCount, mfnOf, SimulatedMmu } from "./xen-mmu.ts";

const directMap = 0xffff880000000000;

/** All memory is there from the start. */
@struct
class NoMore implements FrameSource {
  grow(): boolean {
    return false;
  }
}

@struct
class MachineTables implements TableFrames {
  allocateTable(): Result<Mfn, MemoryFault> {
    const frame = allocator.allocate(Owner.PageTables);
    if (!frame.ok) return err(frame.error);
    const table = mfnOf(pfnNumber(frame.value));
    machine.wordsOf(table).fill(0);
    return ok(table);
  }

  releaseTable(table: Mfn): void {
    const released = allocator.release(toPfn((machine.aliasOf(table) - directMap) / 4096));
    assert(released.ok, "a table was allocated once");
  }

  aliasOf(table: Mfn): VirtAddr {
    return toVirtAddr(machine.aliasOf(table));
  }
}

/** Accesses go through the machine's TLB. */
@struct
class MachineGround implements ExerciseGround {
  load(address: u64): u64 {
    return machine.loadWord(address);
  }

  store(address: u64, value: u64): void {
    machine.storeWord(address, value);
  }

  settle(): void {
    machine.checkTlb();
  }

  fail(what: string, step: u64, got: u64, expected: u64): never {
    print(`${what}: step ${step} gave ${hex(got)}, the model says ${hex(expected)}`);
    assert(false, "the machine and the model agree");
  }
}

const noMore = new NoMore();
const records = new FixedArray<FrameRecord, 2048>();
const machineTables = new MachineTables();
/** Frames to map; each begins with its index. */
export const dataFrames = new FixedArray<Mfn, 64>();
export const ground = new MachineGround();
export const machine = new SimulatedMmu();
export const queue = new PteQueue(machine, countRefusal);
export const tables = new PageTables(queue, machineTables, noMfn);
export const allocator = new FrameAllocator(records, noMore);
export let refused: u64 = 0;
export let lastRefused: string = "";
export let lastRefusal: Errno = Errno.EPERM;

/** Starts the machine; to be called once. */
export function startMachine(): void {
  const used = machine.start(directMap);
  const root = mfnOf(0);
  tables.kernelRoot = root;
  tables.currentRoot = root;
  allocator.reserve(0, used, Owner.PageTables);
  allocator.add(used, frameCount);
  for (let index: u64 = 0; index < exerciseFrames; index++) {
    const frame = allocator.allocate(Owner.Tests);
    assert(frame.ok, "an empty machine has frames");
    const mfn = mfnOf(pfnNumber(frame.value));
    dataFrames[index] = mfn;
    machine.wordsOf(mfn)[0] = index;
  }
}

/** Zeroes what an exercise wrote. */
export function wipeFrames(): void {
  for (const mfn of dataFrames) machine.wordsOf(mfn)[1] = 0;
}

/** Requests that were refused are the test's business: it looks at them here. */
function countRefusal(what: string, where: u64, value: u64, errno: Errno): void {
  refused++;
  lastRefused = what;
  lastRefusal = errno;
}
