/**
 * `bench=block`: reads and writes the first disk, in pieces of several sizes, one after the other and all over the disk, with
 * one request and with many under way. What is on the disk is lost. docs/benchmarks.md
 */
import { runningTime } from "../arch/x86-xen/hypercall/vcpu.ts";
import { systemTime } from "../arch/x86-xen/system-time.ts";
import {
  BlockOperation,
  describeBlockFault,
  sectorBytes,
  type BlockDevice,
  type BlockTicket,
} from "../dev/block.ts";
import { closeDisk, openDisk } from "../drivers/xenbus/blkfront/disks.ts";
import * as log from "../lib/log.ts";
import { heap } from "../mm/kernel-heap.ts";
import { Owner } from "../mm/owner.ts";
import { sleep } from "../sched/scheduler.ts";

type Load = { readonly name: string; readonly bytes: u64; readonly depth: u32; readonly rounds: u32 };

/** Rounds that take some tenths of a second with a disk of memory. */
const loads: FixedArray<Load, 7> = [
  { name: "4k.1", bytes: 4096, depth: 1, rounds: 2000 },
  { name: "4k.8", bytes: 4096, depth: 8, rounds: 6400 },
  { name: "4k.32", bytes: 4096, depth: 32, rounds: 12800 },
  { name: "64k.1", bytes: 65536, depth: 1, rounds: 1000 },
  { name: "64k.32", bytes: 65536, depth: 32, rounds: 2560 },
  { name: "1m.1", bytes: 1048576, depth: 1, rounds: 100 },
  { name: "1m.4", bytes: 1048576, depth: 4, rounds: 160 },
];

/** The memory of all requests that are under way at once: no block of the heap is larger than half of it. */
const partBytes = 1048576;
const mostDepth = 32;
const second = 1000000000;
const patience = 10;

@struct
class DiskLoad {
  readonly disk: BlockDevice;
  readonly parts = new FixedArray<Slice<u8> | null, 4>();
  readonly tickets = new FixedArray<BlockTicket, 32>();
  operation: BlockOperation = BlockOperation.Read;
  isRandom: boolean = false;

  constructor(disk: BlockDevice) {
    this.disk = disk;
  }

  /** @allocates */
  allocate(): boolean {
    for (let i: usize = 0; i < this.parts.length; i++) {
      const part = heap.allocate(partBytes, Owner.Tests);
      if (!part.ok) return fail("no memory for it");
      this.parts[i] = part.value;
    }
    return true;
  }

  /** @blocks */
  measure(name: string, pattern: string, load: Load): void {
    if (!this.run(load, load.depth)) return; // the pages that the back end keeps are granted
    const since = systemTime();
    const cpu = markedTime();
    if (!this.run(load, load.rounds)) return;
    const used: u64 = markedTime() - cpu;
    const time: u64 = systemTime() - since;
    log.info(`bench: ${name}.${pattern}.${load.name}.time ${time / load.rounds} ns`);
    log.info(`bench: ${name}.${pattern}.${load.name}.cpu ${used / load.rounds} ns`);
  }

  /** Keeps up to `depth` requests under way; waits for half of them, and then sends as many together. @blocks */
  run(load: Load, rounds: u32): boolean {
    const batch = max<u32>(load.depth / 2, 1);
    let queued: u32 = 0;
    for (let done: u32 = 0; done < rounds;) {
      for (; queued < rounds && queued - done < load.depth; queued++) {
        if (!this.queue(load, queued)) return false;
      }
      this.disk.start();
      const goal = min<u32>(done + batch, queued);
      for (; done < goal; done++) {
        const ended = this.disk.wait(this.tickets[done % mostDepth]);
        if (!ended.ok) return fail(describeBlockFault(ended.error));
      }
    }
    return true;
  }

  /** @blocks */
  queue(load: Load, index: u32): boolean {
    const places: u64 = (this.disk.shape().sectors * sectorBytes) / load.bytes;
    const place: u64 = (this.isRandom ? scatter(index) : (index as u64)) % places;
    const at: u64 = (index % load.depth) * load.bytes;
    const buffer = this.parts[at / partBytes]!.slice(at % partBytes, (at % partBytes) + load.bytes);
    const queued = this.disk.queue(this.operation, (place * load.bytes) / sectorBytes, buffer);
    if (!queued.ok) return fail(describeBlockFault(queued.error));
    this.tickets[index % mostDepth] = queued.value;
    return true;
  }
}

/** Prints every figure. @allocates @blocks */
export function measureBlock(): void {
  for (let waited: u32 = 0; waited < patience; waited++) {
    const disk = openDisk("xvda".bytes());
    if (disk === null) {
      sleep(second);
      continue;
    }
    measureDisk(disk);
    closeDisk(disk);
    return;
  }
  log.error("bench: there is no disk xvda");
}

/** @allocates @blocks */
function measureDisk(disk: BlockDevice): void {
  const load = new DiskLoad(disk);
  if (!load.allocate()) return;
  for (const one of loads) {
    load.operation = BlockOperation.Read;
    load.isRandom = false;
    load.measure("read", "sequential", one);
    load.isRandom = true;
    load.measure("read", "random", one);
    load.operation = BlockOperation.Write;
    load.measure("write", "random", one);
    load.isRandom = false;
    load.measure("write", "sequential", one);
  }
}

/** The time that the vCPU has used. Asking Xen for it three times is a mark in its record of hypercalls. */
function markedTime(): u64 {
  runningTime(0);
  runningTime(0);
  return runningTime(0);
}

/** A place for each index, without order. */
function scatter(index: u64): u64 {
  let word: u64 = (index + 1) * 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  return word ^ (word >> 27);
}

function fail(why: string): boolean {
  log.error(`bench: a request failed: ${why}`);
  return false;
}
