import * as log from "./lib/log.ts";
import { systemTime } from "./arch/x86-xen/system-time.ts";
import { announceMemory, frames, growMemory, pteQueue, startMemory, tables } from "./mm/memory.ts";
import { createSpace, destroySpace, switchSpace } from "./arch/x86-xen/address-space.ts";
import { PteLock } from "./arch/x86-xen/pte-queue.ts";
import { DomainFrames } from "./arch/x86-xen/p2m.ts";
import { writable } from "./arch/x86-xen/page-entry.ts";
import { Owner } from "./mm/owner.ts";
import { ptr } from "xenlet:unsafe";
import { toVirtAddr } from "./xen-abi/addresses.ts";
import type { StartInfo } from "./xen-abi/xen.ts";
import { powerOff } from "./arch/x86-xen/shutdown.ts";

export function runMemoryTrial(info: StartInfo): void {
  const t0 = systemTime();
  startMemory(info);
  const t1 = systemTime();
  log.info(`startMemory took ${t1 - t0} ns; free ${frames.free} of ${frames.total}`);
  const announced = announceMemory();
  log.info(`announced ${announced.ok} in ${systemTime() - t1}`);
  const t2 = systemTime();
  let chunks: u64 = 0;
  while (growMemory()) chunks++;
  log.info(`grew ${chunks} chunks in ${systemTime() - t2} ns; free ${frames.free} of ${frames.total}`);
  const c = pteQueue.counters;
  log.info(`hypercalls ${c.hypercalls} flushes ${c.flushes} entries ${c.entries} stored ${c.stored} refused ${c.refused}`);
  const space = createSpace(tables);
  if (!space.ok) return;
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) return;
  const list = new DomainFrames(frame.value);
  const low = toVirtAddr(0x400000);
  {
    using lock = new PteLock(pteQueue);
    const m = tables.map(space.value, low, 1, list, writable);
    log.info(`mapped ${m.ok}`);
  }
  switchSpace(tables, space.value);
  ptr<u64>(0x400000).store(42);
  log.info(`read ${ptr<u64>(0x400000).load()} entry ${hex(tables.lookup(space.value, low))}`);
  switchSpace(tables, tables.kernelRoot);
  const before = frames.free;
  destroySpace(tables, space.value);
  log.info(`tables returned ${frames.free - before}`);
  log.info(`hypercalls ${c.hypercalls} flushes ${c.flushes} entries ${c.entries} stored ${c.stored} refused ${c.refused}`);
  powerOff();
}
