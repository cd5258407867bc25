/** Runs the small language of loop-syntax.ts by the rules of docs/subset.md. */
import { binary, compare, integerTypes, type Stop as ArithmeticStop, truncate } from "./machine.ts";
import type { Condition, Step, Value } from "./loop-syntax.ts";

/** A check that fails, at a step. */
export class Stopped extends Error {
  readonly what: ArithmeticStop | "index out of bounds" | "range out of bounds";
  readonly step: Step;
  constructor(what: Stopped["what"], step: Step) {
    super(what);
    this.what = what;
    this.step = step;
  }
}
/** The run takes too long to be worth comparing. */
export class Endless extends Error {}

interface View {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
}

const LONGEST_RUN = 3000;
const [, , u32] = integerTypes;

/** One call of a function: its integers and slices by name. */
export class Call {
  readonly integers: Map<string, bigint>;
  readonly slices: Map<string, View>;
  #steps = 0;
  #now: Step = { op: "break" };

  constructor(integers: ReadonlyMap<string, bigint>, slices: ReadonlyMap<string, Uint8Array>) {
    this.integers = new Map(integers);
    this.slices = new Map(
      [...slices].map(([name, bytes]) => [name, { bytes, start: 0, length: bytes.length }]),
    );
  }

  /** Runs the steps; "break" and "continue" where they end so. Throws Stopped or Endless. */
  run(steps: readonly Step[]): "break" | "continue" | undefined {
    for (const step of steps) {
      const left = this.#step(step);
      if (left !== undefined) return left;
    }
    return undefined;
  }

  #step(step: Step): "break" | "continue" | undefined {
    this.#at(step);
    switch (step.op) {
      case "let":
      case "assign":
        this.integers.set(step.target.name, this.#value(step.value));
        return undefined;
      case "store": {
        const view = this.#slice(step.slice);
        const index = this.#value(step.index);
        const value = this.#value(step.value);
        this.#check(index < BigInt(view.length), "index out of bounds");
        view.bytes[view.start + Number(index)] = Number(value);
        return undefined;
      }
      case "narrow": {
        const view = this.#slice(step.from);
        const start = this.#value(step.ends[0]);
        const end = this.#value(step.ends[1]);
        this.#check(end <= BigInt(view.length) && start <= end, "range out of bounds");
        const narrowed = { ...view, start: view.start + Number(start), length: Number(end - start) };
        this.slices.set(step.slice, narrowed);
        return undefined;
      }
      case "if":
        return this.run(this.#holds(step.condition) ? step.then : step.otherwise);
      case "while":
        this.#loop(
          step,
          () => this.#holds(step.condition),
          step.body,
          () => undefined,
        );
        return undefined;
      case "for": {
        const { name, type } = step.counter;
        this.integers.set(name, this.#value(step.start));
        const update = (): void => {
          const next = binary(type, "+", this.#integer(name), this.#value(step.step), true);
          this.integers.set(name, this.#arithmetic(next));
        };
        this.#loop(step, () => this.#holds(step.condition), step.body, update);
        return undefined;
      }
      case "each": {
        const view = this.#slice(step.slice);
        let next = 0;
        const condition = (): boolean => {
          this.integers.set(step.index, BigInt(next));
          this.integers.set(step.element, BigInt(view.bytes[view.start + next] ?? 0));
          return next < view.length;
        };
        this.#loop(step, condition, step.body, () => void next++);
        return undefined;
      }
      case "break":
      case "continue":
        return step.op;
    }
  }

  #loop(step: Step, condition: () => boolean, body: readonly Step[], update: () => void): void {
    for (; condition(); this.#at(step), update(), this.#at(step)) {
      if (this.run(body) === "break") return;
    }
  }

  #at(step: Step): void {
    this.#now = step;
    this.#steps++;
    if (this.#steps > LONGEST_RUN) throw new Endless();
  }

  #holds(condition: Condition): boolean {
    switch (condition.op) {
      case "compare":
        return compare(condition.operator, this.#value(condition.sides[0]), this.#value(condition.sides[1]));
      case "and":
        return this.#holds(condition.sides[0]) && this.#holds(condition.sides[1]);
      case "or":
        return this.#holds(condition.sides[0]) || this.#holds(condition.sides[1]);
      case "not":
        return !this.#holds(condition.operand);
    }
  }

  #value(value: Value): bigint {
    switch (value.op) {
      case "literal":
        return value.value;
      case "name":
        return this.#integer(value.name);
      case "cast":
        return truncate(value.type, this.#value(value.operand));
      case "length":
        return BigInt(this.#slice(value.slice).length);
      case "element":
        return this.#bytes(value.slice, this.#value(value.index), 1n, "index out of bounds");
      case "word":
        return truncate(u32, this.#bytes(value.slice, this.#value(value.index), 4n, "range out of bounds"));
      case "min": {
        const left = this.#value(value.sides[0]);
        const right = this.#value(value.sides[1]);
        return left < right ? left : right;
      }
      case "binary": {
        const left = this.#value(value.sides[0]);
        const right = this.#value(value.sides[1]);
        return this.#arithmetic(binary(value.type, value.operator, left, right, true));
      }
    }
  }

  #bytes(slice: string, index: bigint, count: bigint, what: Stopped["what"]): bigint {
    const view = this.#slice(slice);
    this.#check(index + count <= BigInt(view.length), what);
    let value = 0n;
    for (let i = count - 1n; i >= 0n; i--) {
      value = value * 256n + BigInt(view.bytes[view.start + Number(index + i)] ?? 0);
    }
    return value;
  }

  #arithmetic(outcome: bigint | ArithmeticStop): bigint {
    if (typeof outcome === "bigint") return outcome;
    throw new Stopped(outcome, this.#now);
  }

  #check(good: boolean, what: Stopped["what"]): void {
    if (!good) throw new Stopped(what, this.#now);
  }

  #integer(name: string): bigint {
    const value = this.integers.get(name);
    if (value === undefined) throw new Error(`no integer ${name}`);
    return value;
  }

  #slice(name: string): View {
    const view = this.slices.get(name);
    if (view === undefined) throw new Error(`no slice ${name}`);
    return view;
  }
}
