/** The boot order: one call a line. */
import { BootStage, markBoot, timeSince } from "./arch/x86-xen/boot-clock.ts";
import { earlyConsole } from "./arch/x86-xen/early-console.ts";
import { chooseEvents, startEvents } from "./arch/x86-xen/events.ts";
import { requireFilled } from "./arch/x86-xen/hypercall/page.ts";
import { adoptTables } from "./arch/x86-xen/page-walk.ts";
import { protectImage } from "./arch/x86-xen/protect.ts";
import { mapSharedInfo } from "./arch/x86-xen/shared-info.ts";
import { adoptStartInfo, checkStartInfo, commandLine } from "./arch/x86-xen/start-info.ts";
import { installTraps } from "./arch/x86-xen/traps.ts";
import { printBanner } from "./banner.ts";
import { runBenchmark } from "./bench/run.ts";
import { startBalloon } from "./drivers/xenbus/balloon.ts";
import { offerConsoles } from "./drivers/xenbus/console-frontend.ts";
import { attachConsole, openConsole } from "./drivers/xenbus/console.ts";
import { offerDisks } from "./drivers/xenbus/blkfront/disks.ts";
import { bus } from "./drivers/xenbus/bus/bus.ts";
import { startControl } from "./drivers/xenbus/control/control.ts";
import { attachXenstore } from "./drivers/xenbus/xenstore/attach.ts";
import * as log from "./lib/log.ts";
import { describeMemoryFault, type MemoryFault } from "./lib/memory-fault.ts";
import { panic } from "./lib/panic.ts";
import { addressBook } from "./mm/address-book.ts";
import { eventMemory } from "./mm/event-memory.ts";
import { grantTable } from "./mm/grants.ts";
import { heap } from "./mm/kernel-heap.ts";
import { announceMemory, frames, pteQueue, startMemory, tables } from "./mm/memory.ts";
import { startNetwork, takeIpOption } from "./network.ts";
import { Options } from "./options.ts";
import { guardedStacks } from "./sched/guarded-stacks.ts";
import { idle, startScheduler } from "./sched/scheduler.ts";
import { whenIdle } from "./sched/when-idle.ts";
import { makeSession, startSession } from "./session.ts";
import type { Workload } from "./workload.ts";
import { describeErrno, type Errno } from "./xen-abi/errno.ts";
import type { StartInfo } from "./xen-abi/xen.ts";

/** From the first instruction in this language to the idle loop, for the sake of `workload`. */
export function boot(info: StartInfo, workload: Workload): never {
  markBoot(BootStage.Entry);
  requireFilled(); // without the hypercall page there is no way to say anything
  log.addSink(earlyConsole); // Xen's own console, where Xen permits it
  must("install the traps", installTraps()); // from here on, a defect reports itself
  believeStartInfo(info);
  must("map the shared info page", mapSharedInfo(info.sharedInfo)); // time, events and fault addresses
  log.useClock(sinceEntry);
  attachConsole(info); // what was said so far appears
  const options = new Options(takeIpOption);
  options.read(commandLine(info), workload);
  printBanner(info);
  markBoot(BootStage.Banner);
  pteQueue.eager = options.eager;
  frames.allowance = options.frames;
  heap.allowance = options.heap;
  grantTable.wanted = options.grantVersion;
  startMemory(info); // frames, page tables, the queue to them
  adoptTables(tables, addressBook); // reports can say how an address is mapped, and whose it is
  mustHave("protect the image", protectImage(tables)); // text read-only, data not executable, a guard page under the stack
  wish("announce the memory", announceMemory()); // xl dump-core and save find it
  must("start events", startEvents());
  prefer("events=fifo", chooseEvents(options.events, eventMemory));
  expect("start the scheduler", startScheduler(guardedStacks)); // from here on, this is the idle task
  expect("make the first task", makeSession()); // whoever comes after it may be refused
  const console = openConsole();
  attachXenstore(info); // waits for nothing
  startControl(); // xl shutdown, xl sysrq
  startBalloon(); // xl mem-set
  startNetwork(bus); // for the devices that the bus finds
  offerDisks(bus.kinds);
  offerConsoles(bus.kinds); // xl's channels
  bus.start(); // devices, as soon as there are tasks
  markBoot(BootStage.Ready);
  log.info(`ready after ${timeSince(BootStage.Entry) / 1000} us`);
  runBenchmark(options.bench); // bench=…, for docs/benchmarks.md
  workload.prepare();
  startSession(console, workload); // in the first task
  idle(whenIdle);
}

/** The log's clock. */
function sinceEntry(): u64 {
  return timeSince(BootStage.Entry);
}

function believeStartInfo(info: StartInfo): void {
  const judged = checkStartInfo(info);
  if (judged.ok) return adoptStartInfo(info);
  const fault = judged.error;
  panic(`start_info.${fault.field}: expected ${fault.expected}, got 0x${hex(fault.got)}`);
}

/** What was asked for, where Xen allows it. */
function prefer(what: string, outcome: Result<undefined, Errno>): void {
  if (!outcome.ok) log.warn(`${what}: refused: ${describeErrno(outcome.error)}`);
}

function expect(what: string, outcome: Result<undefined>): void {
  if (!outcome.ok) panic(`cannot ${what}: ${outcome.error}`);
}

/** What the kernel cannot run without. */
function must(what: string, outcome: Result<undefined, Errno>): void {
  if (!outcome.ok) panic(`cannot ${what}: ${describeErrno(outcome.error)}`);
}

/** The same, for what needs memory. */
function mustHave(what: string, outcome: Result<undefined, MemoryFault>): void {
  if (!outcome.ok) panic(`cannot ${what}: ${describeMemoryFault(outcome.error)}`);
}

/** What the kernel can run without. */
function wish(what: string, outcome: Result<undefined, MemoryFault>): void {
  if (!outcome.ok) log.warn(`cannot ${what}: ${describeMemoryFault(outcome.error)}`);
}
