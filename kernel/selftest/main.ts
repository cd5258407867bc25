/** The image for the kernel's own tests: boots like the one that ships, and does what `test=NAME` asks for. */
import { boot } from "../boot.ts";
import { requireFilled } from "../arch/x86-xen/hypercall/page.ts";
import { powerOff } from "../arch/x86-xen/shutdown.ts";
import type { Console } from "../dev/console.ts";
import { bus } from "../drivers/xenbus/bus/bus.ts";
import { parseNumber } from "../lib/bytes.ts";
import * as log from "../lib/log.ts";
import { runMonitor } from "../monitor/monitor.ts";
import type { Workload } from "../workload.ts";
import type { StartInfo } from "../xen-abi/xen.ts";
import { echo, talk, talkAndPanic } from "./console.ts";
import { defects } from "./defects.ts";
import { growEvents } from "./event-growth.ts";
import { bindEvents, offerEvents } from "./event-peer.ts";
import { exerciseEvents } from "./events.ts";
import { holdGrant, testGrants } from "./grants.ts";
import { countHypercalls, showBootCalls } from "./hypercall-count.ts";
import { exerciseFpu } from "./fpu.ts";
import { testMemory, testMemoryAhead } from "./memory.ts";
import { exerciseTransfers, giveToPeer, takeFromPeer } from "./page-transfer.ts";
import { testPageTables } from "./page-tables.ts";
import { extent, runNamed, type SelfTest } from "./self-test.ts";
import { beReluctant, startImpatient, startServices } from "./services.ts";
import { deadlock, getStuck, hogCpu } from "./task-defects.ts";
import { exerciseTasks } from "./tasks.ts";
import { exerciseTimer, showClocks } from "./timer.ts";
import { testTlbFlushes } from "./tlb-flushes.ts";
import { trapTests } from "./traps.ts";
import { offerTestKinds } from "./xenbus.ts";
import { exerciseXenstore } from "./xenstore.ts";
import { exerciseSilence } from "./xenstore-silence.ts";
import { exerciseUpdate } from "./xenstore-update.ts";

/** What runs before there are tasks, on the boot stack. */
const early: FixedArray<SelfTest, 4> = [
  { name: "pte", run: testPageTables },
  { name: "memory", run: testMemory },
  { name: "tlb", run: testTlbFlushes },
  { name: "boot-calls", run: showBootCalls },
];

/** What runs in a task. */
const tasks: FixedArray<SelfTest, 24> = [
  { name: "xenstore", run: exerciseXenstore },
  { name: "xenstore-silence", run: exerciseSilence },
  { name: "xenstore-update", run: exerciseUpdate },
  { name: "talk", run: talk },
  { name: "talk-panic", run: talkAndPanic },
  { name: "echo", run: echo },
  { name: "grants", run: testGrants },
  { name: "held-grant", run: holdGrant },
  { name: "transfer", run: exerciseTransfers },
  { name: "transfer-take", run: takeFromPeer },
  { name: "transfer-give", run: giveToPeer },
  { name: "services-end", run: startServices },
  { name: "tasks", run: exerciseTasks },
  { name: "timer", run: exerciseTimer },
  { name: "events", run: exerciseEvents },
  { name: "event-growth", run: growEvents },
  { name: "event-offer", run: offerEvents },
  { name: "event-bind", run: bindEvents },
  { name: "clock", run: showClocks },
  { name: "fpu", run: exerciseFpu },
  { name: "memory-ahead", run: testMemoryAhead },
  { name: "deadlock", run: deadlock },
  { name: "stuck", run: getStuck },
  { name: "hog", run: hogCpu },
];

/** What is there beside the monitor. */
const beside: FixedArray<SelfTest, 3> = [
  { name: "services", run: startServices },
  { name: "services-again", run: startImpatient },
  { name: "shutdown-policy", run: beReluctant },
];

@struct
class SelfTests implements Workload {
  readonly nameBytes = new FixedArray<u8, 32>();
  nameLength: usize = 0;

  takeOption(key: Slice<u8>, value: Slice<u8>): boolean {
    if (key.equals("test".bytes())) return this.takeName(value);
    const number = parseNumber(value);
    if (!number.ok) return false;
    if (key.equals("seed".bytes())) extent.seed = number.value;
    else if (key.equals("count".bytes())) extent.count = number.value;
    else if (key.equals("peer".bytes())) extent.peer = number.value;
    else if (key.equals("port".bytes())) extent.port = number.value;
    else if (key.equals("ref".bytes())) extent.ref = number.value;
    else return false;
    return true;
  }

  takeName(name: Slice<u8>): boolean {
    if (name.length > this.nameBytes.length) return false;
    this.nameBytes.copyFrom(name);
    this.nameLength = name.length;
    return true;
  }

  prepare(): void {
    offerTestKinds(bus.kinds);
    const name = this.nameBytes.slice(0, this.nameLength);
    if (runNamed(defects, name)) powerOff();
    if (runNamed(early, name)) powerOff();
    if (runNamed(trapTests, name)) powerOff();
  }

  /** @blocks */
  run(console: Console): void {
    const name = this.nameBytes.slice(0, this.nameLength);
    if (runNamed(tasks, name)) return;
    if (!runNamed(beside, name) && name.length > 0)
      log.error(`self-test: there is none of the name ${text(name)}`);
    runMonitor(console);
  }
}

const selfTests = new SelfTests();

/**
 * Where head.S goes, on the boot stack, with events masked.
 * @export xenlet_main
 */
export function xenletMain(info: StartInfo): never {
  requireFilled(); // what is not there cannot be counted
  countHypercalls();
  log.info("the self-tests' kernel says this before it has a console");
  boot(info, selfTests);
}
