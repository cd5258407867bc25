/** Who runs, who waits and who is woken, against a model, on sequences that nobody chose. */
import test from "ava";
import fc from "fast-check";

import { loadModule } from "../../host/library.ts";

const cpu = await loadModule("test/unit/sched/programs/doors/cpu.ts", {
  start: { parameters: [], result: "void" },
  reset: { parameters: [], result: "void" },
  add: { parameters: ["u32", "u32"], result: "void" },
  next: { parameters: ["bool"], result: "u32" },
  suspend: { parameters: ["u32", "u64"], result: "bool" },
  wakeFirst: { parameters: ["u32"], result: "u32" },
  cancel: { parameters: ["u32"], result: "void" },
  whyWoken: { parameters: ["u32"], result: "u32" },
  expire: { parameters: ["u64"], result: "void" },
  deadlineToArm: { parameters: [], result: "u64" },
  arm: { parameters: ["u64"], result: "void" },
  pass: { parameters: ["u64"], result: "void" },
  ticksOf: { parameters: ["u32"], result: "u64" },
  watch: { parameters: ["u64", "u64"], result: "void" },
  offer: { parameters: [], result: "void" },
  findHog: { parameters: ["u64", "u64"], result: "u32" },
  countStuck: { parameters: [], result: "u64" },
  fedBy: { parameters: ["u32", "u32"], result: "void" },
});

const never = 2n ** 64n - 1n;
const idle = 16n;

/** What docs/tasks.md says, with arrays. */
class Model {
  readonly priority = new Map<bigint, number>();
  readonly ready: [bigint[], bigint[], bigint[], bigint[]] = [[], [], [], []];
  readonly lists: [bigint[], bigint[], bigint[], bigint[], bigint[]] = [[], [], [], [], []];
  readonly deadlines = new Map<bigint, bigint>();
  readonly why = new Map<bigint, bigint>();
  current = idle;

  makeReady(task: bigint): void {
    this.ready[this.priority.get(task) ?? 0]?.push(task);
  }

  next(): bigint {
    for (const list of this.ready) {
      const task = list.shift();
      if (task !== undefined) return (this.current = task);
    }
    return (this.current = idle);
  }

  wake(task: bigint, why: bigint): void {
    for (const list of this.lists) {
      const at = list.indexOf(task);
      if (at < 0) continue;
      list.splice(at, 1);
      this.deadlines.delete(task);
      this.why.set(task, why);
      this.makeReady(task);
    }
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("next" as const), which: fc.constant(0), time: fc.constant(0n) }),
  fc.record({
    kind: fc.constant("suspend" as const),
    which: fc.integer({ min: 0, max: 4 }),
    time: fc.oneof(fc.constant(never), fc.bigInt({ min: 0n, max: 100n })),
  }),
  fc.record({
    kind: fc.constant("wake" as const),
    which: fc.integer({ min: 0, max: 3 }),
    time: fc.constant(0n),
  }),
  fc.record({
    kind: fc.constant("cancel" as const),
    which: fc.integer({ min: 0, max: 15 }),
    time: fc.constant(0n),
  }),
  fc.record({
    kind: fc.constant("expire" as const),
    which: fc.constant(0),
    time: fc.bigInt({ min: 0n, max: 110n }),
  }),
);

test("the most urgent runs first, equals take turns, and every wait ends for the reason that it should", (t) => {
  cpu.start();
  const priorities = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 16 });
  const property = fc.property(priorities, fc.array(step, { maxLength: 200 }), (urgency, steps) => {
    cpu.reset();
    const model = new Model();
    for (const [task, priority] of urgency.entries()) {
      cpu.add(BigInt(task), BigInt(priority));
      model.priority.set(BigInt(task), priority);
      model.makeReady(BigInt(task));
    }
    for (const { kind, which, time } of steps) {
      if (kind === "next") {
        if (model.current !== idle) model.makeReady(model.current);
        t.is(cpu.next(true), model.next());
      } else if (kind === "suspend") {
        t.is(cpu.suspend(BigInt(which), time), model.current !== idle);
        if (model.current !== idle) {
          model.lists[which]?.push(model.current);
          if (time !== never) model.deadlines.set(model.current, time);
          t.is(cpu.next(false), model.next());
        }
      } else if (kind === "wake") {
        const first = model.lists[which]?.[0] ?? idle;
        t.is(cpu.wakeFirst(BigInt(which)), first);
        model.wake(first, 0n);
      } else if (kind === "cancel") {
        cpu.cancel(BigInt(which));
        model.wake(BigInt(which), 2n);
      } else {
        // Those with the same deadline are woken in an order that nobody promises: one at a time, here.
        const due = [...model.deadlines].filter(([, at]) => at <= time).map(([, at]) => at);
        if (new Set(due).size !== due.length) continue;
        cpu.expire(time);
        for (const [task] of [...model.deadlines]
          .filter(([, at]) => at <= time)
          .sort((a, b) => Number(a[1] - b[1]))) {
          model.wake(task, 1n);
        }
      }
      for (const [task, why] of model.why) {
        if (!model.lists.some((list) => list.includes(task))) t.is(cpu.whyWoken(task), why);
      }
      const earliest = [...model.deadlines.values()].reduce(
        (least, one) => (one < least ? one : least),
        never,
      );
      t.is(cpu.deadlineToArm(), earliest);
    }
  });
  fc.assert(property, { numRuns: 500 });
});

test("the hardware timer is set again only for an earlier deadline", (t) => {
  cpu.start();
  cpu.reset();
  cpu.add(0n, 2n);
  cpu.add(1n, 2n);
  cpu.next(false);
  cpu.suspend(4n, 500n);
  t.is(cpu.deadlineToArm(), 500n);
  cpu.arm(500n);
  t.is(cpu.deadlineToArm(), never);
  cpu.next(false);
  cpu.suspend(4n, 900n);
  t.is(cpu.deadlineToArm(), never, "a later deadline waits for the earlier one to fire");
  cpu.cancel(0n);
  t.is(cpu.deadlineToArm(), never, "a deadline that is lifted leaves the timer set");
  cpu.arm(never);
  t.is(cpu.deadlineToArm(), 900n, "when it has fired, the next one is set");
});

test("tasks that wait for nothing but each other are stuck; with a deadline they are not", (t) => {
  cpu.start();
  cpu.reset();
  t.is(cpu.countStuck(), 0n, "without tasks nobody is stuck");
  cpu.add(0n, 2n);
  t.is(cpu.countStuck(), 0n, "a task is ready");
  cpu.next(false);
  cpu.suspend(0n, never);
  cpu.next(false);
  t.is(cpu.countStuck(), 1n);
  cpu.add(1n, 2n);
  cpu.next(false);
  cpu.suspend(1n, 100n);
  cpu.next(false);
  t.is(cpu.countStuck(), 0n, "a deadline will come");
});

test("services with nothing to do help nobody who is stuck, and are not stuck themselves", (t) => {
  const [tasks, events, work] = [0n, 1n, 2n];
  cpu.start();
  cpu.reset();
  cpu.fedBy(1n, events);
  cpu.fedBy(2n, work);
  cpu.add(0n, 1n);
  cpu.next(false);
  cpu.suspend(2n, never);
  cpu.next(false);
  t.is(cpu.countStuck(), 0n, "a domain of services waits for work");
  cpu.add(1n, 2n);
  cpu.next(false);
  cpu.suspend(0n, never);
  cpu.next(false);
  t.is(cpu.countStuck(), 1n, "the service has no part in it");
  cpu.wakeFirst(2n);
  cpu.next(false);
  cpu.suspend(1n, never);
  cpu.next(false);
  t.is(cpu.countStuck(), 0n, "a service that waits for an event in the middle of its work may end it");
  for (const list of [1n, 2n]) cpu.fedBy(list, tasks);
});

test("time is put down to whoever ran, idle included", (t) => {
  cpu.start();
  cpu.reset();
  cpu.add(0n, 2n);
  const before = [0n, idle].map((task) => cpu.ticksOf(task));
  cpu.pass(5n);
  cpu.next(false);
  cpu.pass(70n);
  cpu.suspend(0n, never);
  cpu.next(false);
  cpu.pass(900n);
  cpu.wakeFirst(0n);
  cpu.next(false);
  t.deepEqual(
    [0n, idle].map((task, at) => cpu.ticksOf(task) - (before[at] ?? 0n)),
    [70n, 905n],
  );
});

test("a task that keeps the CPU is found, once; who lets others go first, or had no CPU, is not", (t) => {
  const second = 1_000_000_000n;
  cpu.start();
  cpu.reset();
  cpu.watch(0n, 0n);
  t.is(cpu.deadlineToArm(), 2n * second, "the timer is set for the next look");
  t.is(cpu.findHog(2n * second, 2n * second), idle, "idle may keep the CPU");
  t.is(cpu.deadlineToArm(), never, "and nobody looks any more");
  cpu.add(0n, 2n);
  cpu.next(false);
  cpu.watch(0n, 0n);
  cpu.offer();
  t.is(cpu.findHog(2n * second, 2n * second), idle, "it let others go first");
  t.is(cpu.deadlineToArm(), 4n * second);
  t.is(cpu.findHog(4n * second, 2n * second + 1n), idle, "the vCPU did not run");
  t.is(cpu.findHog(6n * second, 4n * second), 0n);
  t.is(cpu.findHog(8n * second, 6n * second), idle, "it was found already");
  cpu.add(1n, 2n);
  cpu.next(true);
  t.is(cpu.findHog(10n * second, 8n * second), idle, "another task runs");
  t.is(cpu.findHog(12n * second, 10n * second), 1n);
});
