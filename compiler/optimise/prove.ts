/**
 * Proves checks away. An abstract run of each function over differences between integers (facts.ts) finds the indices,
 * ranges and operands that can only be good; what it cannot prove stays. Loops are run until what holds at their head no
 * longer changes, so a counter keeps the bound that its condition gives it.
 */
import type * as ir from "../ir/ir.ts";
import { childrenOf } from "../ir/order.ts";
import { assume, either } from "./conditions.ts";
import { Facts, type Quantity, ZERO } from "./facts.ts";
import { isGoodArithmetic, isGoodOperation } from "./operations.ts";
import { holds, provable, type Requirement } from "./requirements.ts";
import {
  combine,
  interval,
  isWithin,
  lengthOf,
  lengthQuantity,
  linear,
  type Linear,
  LONGEST_SLICE,
  quantityOf,
  rangeOf,
} from "./values.ts";

/** What can have a check. */
export type Checked = ir.Expression | ir.UpdateStatement;

/** The nodes of `function_` whose checks cannot fail. */
export function proveChecks(function_: ir.Function_): readonly Checked[] {
  const run = new Run();
  if (function_.body !== undefined) run.body(function_.body);
  return run.proved;
}

/** After so many rounds over a loop, what still changes is given up. */
const PATIENT_ROUNDS = 1;
/** Statements that a function may cost, rounds over nested loops included; then loops are taken to change everything. */
const BUDGET = 10_000;

class Run {
  readonly #proved = new Set<Checked>();
  readonly #needed = new Set<Checked>();
  /** undefined where no execution comes. */
  #facts: Facts | undefined = new Facts();
  /** Whether a proof counts: not while a loop's facts are still being looked for. */
  #counts = true;
  #visited = 0;
  /** What the checks of the expression in hand have asked for. */
  readonly #learnt: Requirement[] = [];
  readonly #jumps = new Map<string, (Facts | undefined)[]>();

  get proved(): readonly Checked[] {
    return [...this.#proved].filter((node) => !this.#needed.has(node));
  }

  body(statements: readonly ir.Statement[]): void {
    for (const statement of statements) {
      if (this.#facts === undefined) return;
      this.#visited++;
      this.#statement(statement, this.#facts);
    }
  }

  #statement(node: ir.Statement, facts: Facts): void {
    switch (node.op) {
      case "let":
        if (node.value !== undefined) this.#visit(node.value);
        this.#assign(node.local, node.value);
        return;
      case "assign":
        this.#visit(node.target, node.value);
        if (node.target.op === "local") this.#assign(node.target.local, node.value);
        return;
      case "update":
        this.#update(node);
        return;
      case "expression":
        this.#visit(node.value);
        if (node.value.type.kind === "never") this.#facts = undefined;
        return;
      case "if":
        this.#if(node);
        return;
      case "loop":
        this.body(node.initial);
        this.#loop(node);
        return;
      case "forOf":
        this.#visit(node.sequence);
        this.#forOf(node);
        return;
      case "switch":
        this.#switch(node);
        return;
      case "return":
        if (node.value !== undefined) this.#visit(node.value);
        this.#facts = undefined;
        return;
      case "break":
      case "continue":
        this.#jumpsTo(node.op, node.target).push(facts);
        this.#facts = undefined;
        return;
      case "block":
        this.body(node.body);
        if (node.target !== undefined) this.#facts = this.#arrivals("break", node.target, this.#facts);
    }
  }

  #jumpsTo(kind: "break" | "continue", target: ir.Target): (Facts | undefined)[] {
    const key = `${kind} ${target.id}`;
    const known = this.#jumps.get(key) ?? [];
    this.#jumps.set(key, known);
    return known;
  }

  /** What holds where the jumps to a target and the straight way meet. */
  #arrivals(kind: "break" | "continue", target: ir.Target, straight: Facts | undefined): Facts | undefined {
    const all = this.#jumpsTo(kind, target).splice(0);
    return all.reduce(either, straight);
  }

  #if(node: ir.IfStatement): void {
    this.#visit(node.condition);
    const before = this.#facts;
    if (before === undefined) return;
    this.#facts = assume(before, node.condition, true)?.clone();
    this.body(node.then);
    const afterThen = this.#facts;
    this.#facts = assume(before, node.condition, false)?.clone();
    if (node.otherwise !== undefined) this.body(node.otherwise);
    this.#facts = either(afterThen, this.#facts);
  }

  #switch(node: ir.SwitchStatement): void {
    this.#visit(node.subject);
    const before = this.#facts;
    if (before === undefined) return;
    let after: Facts | undefined;
    for (const one of node.cases) {
      const [test] = one.tests;
      const isOne =
        one.tests.length === 1 &&
        !one.isDefault &&
        test !== undefined &&
        rangeOf(node.subject.type) !== undefined;
      const entry: Facts | undefined = isOne
        ? assume(
            before,
            { op: "compare", type: test.type, operator: "===", left: node.subject, right: test },
            true,
          )
        : before;
      this.#facts = entry?.clone();
      this.body(one.body);
      after = either(after, this.#facts);
    }
    const isComplete = node.exhaustive || node.cases.some((one) => one.isDefault);
    this.#facts = this.#arrivals("break", node.target, isComplete ? after : either(after, before));
  }

  #loop(node: ir.LoopStatement): void {
    const test = (truth: boolean): void => {
      if (node.condition === undefined || this.#facts === undefined) {
        if (!truth) this.#facts = undefined;
        return;
      }
      this.#visit(node.condition);
      if (this.#facts !== undefined) this.#facts = assume(this.#facts, node.condition, truth)?.clone();
    };
    const round = (): void => {
      if (!node.bodyFirst) test(true);
      this.body(node.body);
      this.#facts = this.#arrivals("continue", node.target, this.#facts);
      this.body(node.update);
    };
    const head = this.#settle(node.target, () => {
      round();
      if (node.bodyFirst) test(true);
    });
    this.#facts = head?.clone();
    round();
    if (!node.bodyFirst) this.#facts = head?.clone();
    test(false);
    this.#facts = this.#arrivals("break", node.target, this.#facts);
  }

  #forOf(node: ir.ForOfStatement): void {
    const length = this.#sequenceLength(node);
    const index = node.index === undefined ? undefined : quantityOf(node.index);
    const round = (): void => {
      const facts = this.#facts;
      if (facts === undefined) return;
      this.#forget(node.element);
      if (index !== undefined) {
        facts.forget(index);
        facts.add(index, length.quantity, length.plus - 1n);
      }
      this.body(node.body);
      this.#facts = this.#arrivals("continue", node.target, this.#facts);
    };
    const head = this.#settle(node.target, round);
    this.#facts = head?.clone();
    round();
    this.#facts = this.#arrivals("break", node.target, head?.clone());
  }

  /** The length that the sequence has when the loop starts; its variable may get another slice meanwhile. */
  #sequenceLength(node: ir.ForOfStatement): Linear {
    const facts = this.#facts;
    const length = facts === undefined ? undefined : lengthOf(facts, node.sequence);
    if (length?.quantity === ZERO) return length;
    const quantity = { id: `sequence ${node.target.id}`, min: 0n, max: LONGEST_SLICE };
    facts?.forget(quantity);
    if (length !== undefined) equate(facts, quantity, length);
    return { quantity, plus: 0n };
  }

  /** What holds at a loop's head before every round, where `round` runs one. */
  #settle(target: ir.Target, round: () => void): Facts | undefined {
    const counted = this.#counts;
    this.#counts = false;
    let head = this.#facts;
    for (let rounds = 0; head !== undefined; rounds++) {
      if (this.#visited > BUDGET) {
        head = new Facts();
        break;
      }
      this.#facts = head.clone();
      round();
      this.#jumpsTo("break", target).splice(0);
      if (this.#facts === undefined) break;
      const kept: Facts = head.keptBy(this.#facts);
      if (kept.size === head.size) break;
      head = rounds < PATIENT_ROUNDS ? head.join(this.#facts) : kept;
    }
    this.#counts = counted;
    return head;
  }

  #forget(local: ir.Local): void {
    for (const quantity of [quantityOf(local), lengthQuantity(local)]) {
      if (quantity !== undefined) this.#facts?.forget(quantity);
    }
  }

  #assign(local: ir.Local, value: ir.Expression | undefined): void {
    const facts = this.#facts;
    if (facts === undefined) return;
    const quantity = quantityOf(local) ?? lengthQuantity(local);
    const isLength = local.type.kind === "slice";
    const exact = value === undefined ? undefined : isLength ? lengthOf(facts, value) : linear(facts, value);
    const range = value === undefined || isLength ? undefined : interval(facts, value);
    if (quantity === undefined) return;
    if (exact !== undefined && exact.quantity.id === quantity.id) {
      facts.shift(quantity, exact.plus, exact.plus);
      return;
    }
    facts.forget(quantity);
    if (exact !== undefined) {
      equate(facts, quantity, exact);
    } else if (range !== undefined) {
      facts.add(quantity, ZERO, range.max);
      facts.add(ZERO, quantity, -range.min);
    }
  }

  #update(node: ir.UpdateStatement): void {
    this.#visit(node.target, node.value);
    const facts = this.#facts;
    if (facts === undefined) return;
    const before = interval(facts, node.target);
    const by = interval(facts, node.value);
    const range = rangeOf(node.target.type);
    if (before === undefined || by === undefined || range === undefined) {
      if (node.target.op === "local") this.#forget(node.target.local);
      return;
    }
    const exact = combine(node.operator, before, by, node.target.type);
    const fits = isWithin(exact, range);
    if (node.check) this.#conclude(node, isGoodOperation(node.operator, before, by, fits, range));
    if (node.target.op !== "local") return;
    const quantity = quantityOf(node.target.local);
    if (quantity === undefined) return;
    const isStep = node.operator === "+" || node.operator === "-";
    if (isStep && (fits || node.check)) {
      const [least, most] = node.operator === "+" ? [by.min, by.max] : [-by.max, -by.min];
      facts.shift(quantity, least, most);
      return;
    }
    facts.forget(quantity);
    if (exact !== undefined && fits) {
      facts.add(quantity, ZERO, exact.max);
      facts.add(ZERO, quantity, -exact.min);
    }
  }

  /** A node may be reached on several ways: its check goes only if none of them needs it. */
  #conclude(node: Checked, cannotFail: boolean): void {
    if (!this.#counts) return;
    (cannotFail ? this.#proved : this.#needed).add(node);
  }

  /** Evaluates the expressions of one statement. Behind it, every check in them has passed. */
  #visit(...nodes: readonly ir.Expression[]): void {
    for (const node of nodes) this.#look(node);
    this.#apply(this.#learnt.splice(0));
  }

  #apply(requirements: readonly Requirement[]): void {
    for (const { smaller, larger } of requirements) {
      if (smaller === undefined || larger === undefined) continue;
      this.#facts?.add(smaller.quantity, larger.quantity, larger.plus - smaller.plus);
    }
  }

  /** C evaluates operands in any order, so what one operand's check proves is no help to the next. */
  #look(node: ir.Expression): void {
    if (this.#facts === undefined) return;
    const start = this.#learnt.length;
    switch (node.op) {
      case "logical":
        this.#look(node.left);
        this.#aside(start, node.left, node.operator === "&&", node.right);
        return;
      case "conditional":
        this.#look(node.condition);
        this.#aside(start, node.condition, true, node.then);
        this.#aside(start, node.condition, false, node.otherwise);
        return;
      case "coalesce":
        this.#look(node.left);
        this.#aside(start, undefined, true, node.right);
        return;
      case "letIn":
        this.#letIn(start, node);
        return;
    }
    for (const child of childrenOf(node)) this.#look(child);
    this.#check(node);
  }

  /** The body comes behind the value, but nothing says what else does. */
  #letIn(start: number, node: ir.LetInNode): void {
    this.#look(node.value);
    const before = this.#facts;
    this.#facts = before?.clone();
    this.#apply(this.#learnt.slice(start));
    this.#assign(node.local, node.value);
    this.#look(node.body);
    this.#facts = before;
  }

  /**
   * Looks at what is evaluated only where `condition` is `truth`, and behind it. What it would teach is forgotten again.
   * The condition's own checks are those from `start` on.
   */
  #aside(start: number, condition: ir.Expression | undefined, truth: boolean, node: ir.Expression): void {
    const before = this.#facts;
    if (before === undefined) return;
    const learnt = this.#learnt.length;
    this.#facts = before.clone();
    this.#apply(this.#learnt.slice(start));
    if (condition !== undefined) this.#facts = assume(this.#facts, condition, truth)?.clone();
    this.#look(node);
    this.#learnt.length = learnt;
    this.#facts = before;
  }

  #check(node: ir.Expression): void {
    const facts = this.#facts;
    if (facts === undefined) return;
    if (node.op === "binary" || node.op === "unary") {
      if (node.check) this.#conclude(node, isGoodArithmetic(facts, node));
      return;
    }
    if (node.op === "intrinsic" && node.name === "assert") {
      const [condition] = node.arguments_;
      if (condition !== undefined) this.#facts = assume(facts, condition, true)?.clone();
      return;
    }
    const required = provable(facts, node);
    if (required === undefined) return;
    const isProved = required.every((one) => holds(facts, one));
    this.#conclude(node, isProved);
    this.#learnt.push(...required);
  }
}

function equate(facts: Facts | undefined, quantity: Quantity, value: Linear): void {
  facts?.add(quantity, value.quantity, value.plus);
  facts?.add(value.quantity, quantity, -value.plus);
}
