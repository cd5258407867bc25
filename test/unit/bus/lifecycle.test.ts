/** What a front end does next, for every state of both ends, and for any order of events. */
import test from "ava";
import fc from "fast-check";

import { loadModule } from "../../host/library.ts";

const doors = await loadModule("test/unit/bus/programs/doors/lifecycle.ts", {
  next: { parameters: ["u32", "u32", "bool", "bool", "bool", "bool"], result: "u32" },
  mayUse: { parameters: ["u32"], result: "bool" },
  forgets: { parameters: ["u32", "u32"], result: "bool" },
  isBackEndPath: { parameters: ["slice", "u64"], result: "bool" },
});

const steps = [
  "wait",
  "begin",
  "negotiate",
  "connect",
  "heed",
  "close",
  "leave",
  "restart",
  "forget",
] as const;
type Step = (typeof steps)[number];

const [unknown, initialising, initialised, connected, closing, closed] = [0, 1, 3, 4, 5, 6];

interface Situation {
  ours: number;
  theirs: number;
  isOnline: boolean;
  isPresent: boolean;
  isReplaced: boolean;
  isRefused: boolean;
}

const usual = { isOnline: true, isPresent: true, isReplaced: false, isRefused: false };

function next({ ours, theirs, isOnline, isPresent, isReplaced, isRefused }: Situation): Step {
  const step =
    steps[Number(doors.next(BigInt(ours), BigInt(theirs), isOnline, isPresent, isReplaced, isRefused))];
  if (step === undefined) throw new Error("the next step is none");
  return step;
}

/** Where a step brings our end, when it works. */
const after: Record<Step, number | undefined> = {
  wait: undefined,
  begin: initialising,
  negotiate: initialised,
  connect: connected,
  heed: undefined,
  close: closing,
  leave: closed,
  restart: unknown,
  forget: undefined,
};

/** One letter a step: rows are our states 0 to 8, columns those of the back end. */
const table = (isOnline: boolean): string[] =>
  Array.from({ length: 9 }, (_, ours) =>
    Array.from({ length: 9 }, (_, theirs) => next({ ...usual, isOnline, ours, theirs }))
      .map((step) => (step === "close" ? "x" : step === "leave" ? "l" : step === "wait" ? "." : step[0]))
      .join(""),
  );

test("for every state of both ends there is one step", (t) => {
  t.deepEqual(table(true), [
    "bbbxxxbxx", // Unknown: just found
    "..nnxx.xx", // Initialising
    "xxxxxxxxx", // InitWait: never ours
    "xx..cxx..", // Initialised: published
    "xxxxhxxhh", // Connected
    "lllllllll", // Closing
    ".bbb..b..", // Closed
    "xxxxxxxxx", // Reconfiguring: never ours
    "xxxxxxxxx", // Reconfigured: never ours
  ]);
});

test("a back end that is closed, and not wanted any more, is not called back", (t) => {
  const differing = table(false).flatMap((row, ours) =>
    [...row].flatMap((step, theirs) => (step === table(true)[ours]?.[theirs] ? [] : [[ours, theirs, step]])),
  );
  t.deepEqual(differing, [
    [unknown, closed, "."],
    [initialising, closed, "x"],
    [closed, closed, "."],
  ]);
});

const state = fc.integer({ min: 0, max: 8 });
const situation = fc.record({
  ours: state,
  theirs: state,
  isOnline: fc.boolean(),
  isPresent: fc.boolean(),
  isReplaced: fc.boolean(),
  isRefused: fc.boolean(),
});

/** Takes steps until there is nothing to do; the steps. */
function settle(now: Situation): Step[] {
  const taken: Step[] = [];
  for (let step = next(now); ; step = next(now)) {
    taken.push(step);
    if (step === "wait" || step === "heed" || step === "forget") return taken;
    if (taken.length > 20) throw new Error(`round and round: ${taken.join(" ")}`);
    now.ours = after[step] ?? now.ours;
    if (step === "restart") now.isReplaced = false;
  }
}

test("no situation lets the front end go round by itself", (t) => {
  fc.assert(
    fc.property(situation, (start) => {
      t.true(settle({ ...start }).length <= 6);
    }),
    { numRuns: 2000 },
  );
});

test("whatever the back end and the toolstack do, rings are made once, and given back before others are made", (t) => {
  const event = fc.record({
    change: fc.constantFrom("theirs", "online", "replaced", "refused"),
    value: state,
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const now: Situation = { ...usual, ours: unknown, theirs: unknown };
      let hasRings = false;
      const take = (taken: readonly Step[]): void => {
        for (const step of taken) {
          if (step === "negotiate") {
            t.false(hasRings, "rings are made where there are none");
            hasRings = true;
          }
          if (step === "connect") t.true(hasRings, "only what has rings is connected");
          if (step === "leave" || step === "restart") hasRings = false;
          if (step === "forget") t.false(hasRings, "nothing is lost");
        }
      };
      for (const { change, value } of events) {
        if (change === "theirs") now.theirs = value;
        else if (change === "online") now.isOnline = value % 2 === 0;
        else if (change === "replaced") now.isReplaced = true;
        else now.isRefused = value % 2 === 0;
        take(settle(now));
      }
      now.isPresent = false;
      take(settle(now));
      t.is(next(now), "forget", "whatever was before, a device whose directory is gone comes to its end");
    }),
    { numRuns: 2000 },
  );
});

test("when our end has closed, the back ends that are waited for are those that may use the rings", (t) => {
  const waitedFor = Array.from({ length: 9 }, (_, theirs) => doors.mayUse(BigInt(theirs)));
  t.deepEqual(waitedFor, [false, false, false, true, true, true, false, true, true]);
});

test("a refusal is forgotten when the back end goes, begins, or has begun since it was closed", (t) => {
  const states = Array.from({ length: 9 }, (_, number) => number);
  const forgetting = states.map((before) =>
    states.filter((now) => doors.forgets(BigInt(before), BigInt(now))).join(""),
  );
  t.deepEqual(forgetting, ["1", "0", "01", "01", "01", "01", "012", "01", "01"]);
});

test("a path is one of a back end where it lies in the directory of its domain", (t) => {
  const is = (path: string, domain: bigint): boolean =>
    doors.isBackEndPath(Buffer.from(path, "latin1"), domain);
  t.true(is("/local/domain/0/backend/vif/7/0", 0n));
  t.true(is("/local/domain/12/backend/vbd/7/51712", 12n));
  t.false(is("/local/domain/1/backend/vbd/7/51712", 12n), "another domain's");
  t.false(is("/local/domain/12/backend/vbd/7/51712", 1n), "a domain whose number begins so");
  t.false(is("/local/domain/0/backend/", 0n), "no back end's own directory");
  t.false(is("/local/domain/0/device/vif/0", 0n), "a front end's");
  t.false(is("backend/vif/7/0", 0n), "relative");
  t.false(is("", 0n));
  t.false(is(`/local/domain/0/backend/${"x".repeat(100)}`, 0n), "too long");
});
