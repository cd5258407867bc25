/**
 * Vector registers: `test=trap-fpu` for the mechanism, on the boot stack, and `test=fpu` for tasks that compute beside tasks
 * that do not.
 */
import { FpuState, fpuCounts, switchFpu } from "../arch/x86-xen/fpu.ts";
import * as log from "../lib/log.ts";
import { join, spawn, useFpu, yieldNow } from "../sched/scheduler.ts";
import { Priority, type Task, type TaskBody, Wake } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";
import { askInstalled, callInstalled, install } from "./machine-code.ts";

const firstState = new FpuState();
const secondState = new FpuState();

/** Adds 1.0 to what stands in %xmm5. */
function addOne(): void {
  // mov $0x3f800000,%eax; movd %eax,%xmm1; addss %xmm1,%xmm5; ret
  const code: FixedArray<u8, 14> = [
    0xb8, 0, 0, 0x80, 0x3f, 0x66, 0x0f, 0x6e, 0xc8, 0xf3, 0x0f, 0x58, 0xe9, 0xc3,
  ];
  install(code);
  callInstalled();
}

/** %xmm5 as the bits of a float. */
function sum(): u32 {
  // movd %xmm5,%eax; ret
  const code: FixedArray<u8, 5> = [0x66, 0x0f, 0x7e, 0xe8, 0xc3];
  install(code);
  return askInstalled();
}

export function computeWithTwo(): void {
  for (let turn: u32 = 0; turn < 3; turn++) {
    switchFpu(firstState);
    addOne();
    switchFpu(null); // a task without
    switchFpu(secondState);
    addOne();
    addOne();
  }
  switchFpu(firstState);
  const first = sum();
  switchFpu(null);
  switchFpu(firstState); // back without a trap
  const again = sum();
  switchFpu(secondState);
  const second = sum();
  const counts = fpuCounts();
  log.info(
    `fpu: 0x${hex(first)} 0x${hex(again)} 0x${hex(second)}, ${counts.traps} traps, ${counts.loads} loads`,
  );
}

export function computeWithout(): void {
  switchFpu(null);
  addOne();
}

/** Adds `step` ones in each of its turns. */
@struct
class Adder implements TaskBody {
  readonly state = new FpuState();
  readonly step: u32;
  sum: u32 = 0;

  constructor(step: u32) {
    this.step = step;
  }

  /** @blocks */
  run(): void {
    useFpu(this.state);
    for (let turn: u32 = 0; turn < 10; turn++) {
      for (let one: u32 = 0; one < this.step; one++) addOne();
      yieldNow();
    }
    this.sum = sum();
  }
}

/** Takes as many turns, and computes nothing. */
@struct
class Bystander implements TaskBody {
  /** @blocks */
  run(): void {
    for (let turn: u32 = 0; turn < 10; turn++) yieldNow();
  }
}

const single = new Adder(1);
const double = new Adder(2);
const bystander = new Bystander();

/** Runs in a task. @blocks */
export function exerciseFpu(): void {
  const before = fpuCounts();
  takeTurns(bystander, bystander);
  const without = fpuCounts();
  assert(
    without.hypercalls === before.hypercalls,
    "a switch between tasks that do not compute costs nothing",
  );
  takeTurns(single, double);
  const after = fpuCounts();
  log.info(
    `fpu: tasks have 0x${hex(single.sum)} and 0x${hex(double.sum)}; ${after.loads - without.loads} loads, ${after.hypercalls - without.hypercalls} hypercalls`,
  );
  takeTurns(bystander, bystander);
  assert(fpuCounts().hypercalls === after.hypercalls, "nor does it after others have computed");
  log.info("self-test fpu: success");
}

/** Runs both, beside one that does not compute, until they end. @blocks */
function takeTurns(one: TaskBody, other: TaskBody): void {
  const first = start("first", one);
  const between = start("between", bystander);
  const second = start("second", other);
  assert(join(first, never) === Wake.Signal, "a task ends");
  assert(join(between, never) === Wake.Signal, "a task ends");
  assert(join(second, never) === Wake.Signal, "a task ends");
}

function start(name: string, body: TaskBody): Task {
  const task = spawn(name, Priority.Normal, body);
  assert(task.ok, "there is memory for a task");
  return task.value;
}
