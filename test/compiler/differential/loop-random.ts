/** Random functions in the language of loop-syntax.ts, of the kind whose checks a compiler likes to prove away. */
import { comparisons, integerTypes, type IntegerType, least, most } from "./machine.ts";
import type { Condition, LoopOperator, Name, Step, Value } from "./loop-syntax.ts";
import type { Random } from "./random.ts";

const [u8, , u32, u64, , , i32, i64] = integerTypes;
const types = [u64, u64, u64, u32, u8, i32, i64] as const;
const operators: readonly [LoopOperator, ...LoopOperator[]] = [
  "+",
  "+",
  "+",
  "-",
  "-",
  "*",
  "/",
  "%",
  "&",
  ">>",
];

/** The slices that a function works on: a parameter, a fixed array, and a variable that is narrowed now and then. */
export const sliceNames = ["given", "fixed", "view"] as const;
/** Elements of the fixed array. */
export const fixedLength = 8;

export class FunctionMaker {
  readonly #random: Random;
  #names: Name[];
  #next = 0;
  #loops = 0;

  constructor(random: Random, parameters: readonly Name[]) {
    this.#random = random;
    this.#names = [...parameters];
  }

  /** The steps of a function's body. */
  body(): Step[] {
    return [...this.#steps(2, 2), ...this.#steps(4, 3), ...this.#steps(2, 3)];
  }

  /** `count` steps, or a few more; names that they declare are not known behind them. */
  #steps(count: number, depth: number): Step[] {
    const before = this.#names;
    const steps = Array.from({ length: 1 + this.#random.below(count) }, () => this.#step(depth));
    // What the outermost level declares stays.
    this.#names =
      depth === 3 && this.#loops === 0 ? this.#names.filter((one) => before.includes(one)) : before;
    return steps;
  }

  #step(depth: number): Step {
    const random = this.#random;
    const choice = random.below(depth > 0 ? 16 : 9);
    if (choice < 2) {
      const value = this.#value(random.pick(types), 2);
      const target = this.#declare(value.type);
      return { op: "let", target, value };
    }
    if (choice < 4) {
      const target = random.pick(this.#some(this.#names.filter(({ name }) => !name.startsWith("e"))));
      return { op: "assign", target, value: this.#value(target.type, 2) };
    }
    if (choice < 6) return this.#store();
    if (choice === 6) return { op: "assign", target: { name: "sum", type: u64 }, value: this.#summed() };
    if (choice === 7) {
      const from = random.pick(["given", "given", "fixed", "view"]);
      const start: Value = random.below(2) === 0 ? this.#literal(u64) : this.#value(u64, 1);
      const end: Value =
        random.below(2) === 0 ? { op: "length", type: u64, slice: from } : this.#value(u64, 1);
      return { op: "narrow", slice: "view", from, ends: [start, end] };
    }
    if (choice === 8) {
      return this.#loops > 0 && random.below(2) === 0
        ? {
            op: "if",
            condition: this.#condition(1),
            then: [{ op: random.pick(["break", "continue"]) }],
            otherwise: [],
          }
        : this.#store();
    }
    if (choice < 12) {
      const condition = this.#condition(2);
      return { op: "if", condition, then: this.#steps(3, depth - 1), otherwise: this.#steps(2, depth - 1) };
    }
    return this.#loop(depth);
  }

  #loop(depth: number): Step {
    const random = this.#random;
    const before = this.#names;
    this.#loops++;
    const made = ((): Step => {
      if (random.below(4) === 0) {
        const slice = random.pick(sliceNames);
        const [index, element] = [this.#declare(u64, "e"), this.#declare(u8, "e")];
        return {
          op: "each",
          index: index.name,
          element: element.name,
          slice,
          body: this.#steps(3, depth - 1),
        };
      }
      if (random.below(4) === 0)
        return { op: "while", condition: this.#condition(2), body: this.#steps(3, depth - 1) };
      const type = random.pick([u64, u64, u32, i32, u8] as const);
      const start = random.below(2) === 0 ? this.#literal(type) : this.#value(type, 1);
      const counter = this.#declare(type);
      const operator = random.pick(["<", "<", "<", "<=", "!==", ">"] as const);
      const left: Value = random.below(4) === 0 ? this.#around(counter) : { op: "name", ...counter };
      const bound = random.below(2) === 0 ? this.#length(type) : this.#value(type, 1);
      const condition: Condition = { op: "compare", operator, sides: [left, bound] };
      const step: Value = { op: "literal", type, value: BigInt(1 + random.below(3)) };
      return { op: "for", counter, start, condition, step, body: this.#steps(3, depth - 1) };
    })();
    this.#loops--;
    this.#names = before;
    return made;
  }

  /** `i + 1`, `i - 2`: what wraps at an end. */
  #around(name: Name): Value {
    const operator = this.#random.pick(["+", "-"] as const);
    const literal: Value = { op: "literal", type: name.type, value: BigInt(1 + this.#random.below(4)) };
    return { op: "binary", type: name.type, operator, sides: [{ op: "name", ...name }, literal] };
  }

  #store(): Step {
    const slice = this.#random.pick(sliceNames);
    return {
      op: "store",
      slice,
      index: this.#index(),
      value: { op: "cast", type: u8, operand: this.#name(u64) },
    };
  }

  #summed(): Value {
    const slice = this.#random.pick(sliceNames);
    const read: Value =
      this.#random.below(3) === 0
        ? { op: "word", type: u32, slice, index: this.#index() }
        : { op: "element", type: u8, slice, index: this.#index() };
    const wide: Value = { op: "cast", type: u64, operand: read };
    return { op: "binary", type: u64, operator: "+", sides: [{ op: "name", type: u64, name: "sum" }, wide] };
  }

  /** An index: mostly a name, or a name and a bit. */
  #index(): Value {
    const name = this.#random.pick(this.#some(this.#names));
    const unsigned = [u8, u32, u64].find((type) => type === name.type);
    const plain: Value = { op: "name", ...name };
    if (unsigned === undefined) return { op: "cast", type: u64, operand: plain };
    switch (this.#random.below(4)) {
      case 0:
        return this.#around(name);
      case 1:
        return { op: "min", type: u64, sides: [this.#name(u64), this.#value(u64, 1)] };
      default:
        return plain;
    }
  }

  #condition(depth: number): Condition {
    const choice = this.#random.below(depth > 0 ? 8 : 5);
    if (choice === 5) return { op: "not", operand: this.#condition(depth - 1) };
    if (choice > 5) {
      return {
        op: choice === 6 ? "and" : "or",
        sides: [this.#condition(depth - 1), this.#condition(depth - 1)],
      };
    }
    const name = this.#random.pick(this.#some(this.#names));
    const left: Value = this.#random.below(3) === 0 ? this.#around(name) : { op: "name", ...name };
    const right = this.#random.below(2) === 0 ? this.#length(name.type) : this.#value(name.type, 1);
    return { op: "compare", operator: this.#random.pick(comparisons), sides: [left, right] };
  }

  #value(type: IntegerType, depth: number): Value {
    const choice = this.#random.below(depth > 0 ? 9 : 5);
    if (choice === 0) return this.#literal(type);
    if (choice === 1) return this.#length(type);
    if (choice < 5) return this.#name(type);
    if (choice === 5) return { op: "min", type, sides: [this.#name(type), this.#value(type, depth - 1)] };
    const operator = this.#random.pick(operators);
    const right =
      operator === "+" || operator === "-" || operator === "&"
        ? this.#value(type, depth - 1)
        : ({ op: "literal", type, value: BigInt(1 + this.#random.below(7)) } as const);
    // A name on the left: an expression of literals alone would have no width.
    return { op: "binary", type, operator, sides: [this.#name(type), right] };
  }

  #literal(type: IntegerType): Value {
    const edges = [least(type), most(type), most(type) - 1n] as const;
    const value = this.#random.below(8) === 0 ? this.#random.pick(edges) : BigInt(this.#random.below(11));
    return { op: "literal", type, value };
  }

  #length(type: IntegerType): Value {
    const length: Value = {
      op: "length",
      type: u64,
      slice: this.#random.pick(["given", "given", "view", "fixed"]),
    };
    return type === u64 ? length : { op: "cast", type, operand: length };
  }

  /** A name of the type, or another one cast to it. */
  #name(type: IntegerType): Value {
    const name = this.#random.pick(this.#some(this.#names));
    const plain: Value = { op: "name", ...name };
    return name.type === type ? plain : { op: "cast", type, operand: plain };
  }

  #declare(type: IntegerType, prefix = "x"): Name {
    const name = { name: `${prefix}${this.#next}`, type };
    this.#next++;
    this.#names = [...this.#names, name];
    return name;
  }

  #some<T>(list: readonly T[]): readonly [T, ...T[]] {
    const [first, ...rest] = list;
    if (first === undefined) throw new Error("nothing to choose from");
    return [first, ...rest];
  }
}
