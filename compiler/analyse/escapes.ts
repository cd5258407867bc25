/**
 * Lifetimes of what lives in a frame: a struct made by `new`, an array literal, a template. A reference to one may be used
 * and passed on, but neither returned, nor stored where it lives longer, nor given to a function that does so.
 *
 * Each function is summed up by which of its parameters it lets escape and which it may return; the sums are repeated
 * until they no longer change, which they do since they only grow.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type * as ir from "../ir/ir.ts";
import { innerStatements } from "../ir/statements.ts";
import { carriesReference, storesReference } from "../types/contents.ts";
import type { Type } from "../types/type.ts";

/** What a function does with its parameters, by their numbers. */
interface Summary {
  /** What is stored where it outlives the call. */
  readonly escaping: Flow;
  /** What the result may refer to. */
  readonly returned: Flow;
  /** What is stored into the memory of a parameter. */
  readonly stored: ReadonlyMap<number, Flow>;
}

interface Flow {
  readonly parameters: Set<number>;
  /** Parameters of which not they, but references kept in their memory, flow on. */
  readonly contents: Set<number>;
}

/** What a value may refer to. */
interface Origins {
  readonly slots: ReadonlySet<Slot>;
  readonly parameters: ReadonlySet<number>;
  readonly contents: ReadonlySet<number>;
}

/** One piece of memory in this function's frame. */
interface Slot {
  readonly name: string;
  /** The nesting of the block that it lives in. */
  readonly depth: number;
  /** What the references kept in it refer to. */
  holds: Origins;
}

const none: Origins = { slots: new Set(), parameters: new Set(), contents: new Set() };

const newFlow = (): Flow => ({ parameters: new Set(), contents: new Set() });

function newSummary(one: ir.Function_): Summary {
  return {
    escaping: newFlow(),
    returned: newFlow(),
    stored: new Map(one.parameters.map((_, i) => [i, newFlow()])),
  };
}

/** One diagnostic for each statement by which a reference to frame memory leaves its block. */
export function checkEscapes(program: ir.Program): Diagnostic[] {
  const summaries = new Map<ir.Function_, Summary>();
  for (const one of program.functions) summaries.set(one, newSummary(one));
  const behind = calleesBehind(program);
  let changed = true;
  while (changed) {
    changed = false;
    for (const one of program.functions) {
      const walk = new FunctionWalk(one, summaries, behind, undefined);
      if (walk.run()) changed = true;
    }
  }
  const found: Diagnostic[] = [];
  for (const one of program.functions) new FunctionWalk(one, summaries, behind, found).run();
  return found;
}

/** What a call through a value or an interface may do: whatever any function behind it does. */
type Indirect = (call: ir.CallValueNode | ir.CallMethodNode) => readonly ir.Function_[];

function calleesBehind(program: ir.Program): Indirect {
  return (call) => {
    if (call.op === "callMethod") {
      return program.implementations
        .filter((implementation) => implementation.interface === call.interface)
        .flatMap((implementation) => implementation.methods.get(call.method) ?? []);
    }
    const type = call.callee.type;
    return program.functionValues
      .filter((value) => type.kind === "function" && sameShape(value.type, type))
      .map((value) => value.function);
  };
}

function sameShape(a: ir.FunctionValue["type"], b: ir.FunctionValue["type"]): boolean {
  return (
    a.result.key === b.result.key &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every((parameter, i) => parameter.key === b.parameters[i]?.key)
  );
}

class FunctionWalk {
  readonly #function: ir.Function_;
  readonly #summaries: ReadonlyMap<ir.Function_, Summary>;
  readonly #indirect: Indirect;
  #found: Diagnostic[] | undefined;
  readonly #locals = new Map<ir.Local, Origins>();
  readonly #depths = new Map<ir.Local, number>();
  readonly #slots = new Map<ir.Expression, Slot>();
  #depth = 0;
  #changed = false;

  constructor(
    one: ir.Function_,
    summaries: ReadonlyMap<ir.Function_, Summary>,
    indirect: Indirect,
    found: Diagnostic[] | undefined,
  ) {
    this.#function = one;
    this.#summaries = summaries;
    this.#indirect = indirect;
    this.#found = found;
    one.parameters.forEach((local, i) => {
      this.#depths.set(local, 0);
      this.#locals.set(local, { ...none, parameters: new Set([i]) });
    });
  }

  /** Whether the function's summary grew. */
  run(): boolean {
    // A loop brings what is assigned late back to its start, so the body is walked twice, and judged the second time.
    const found = this.#found;
    this.#found = undefined;
    this.#block(this.#function.body ?? []);
    this.#found = found;
    this.#block(this.#function.body ?? []);
    return this.#changed;
  }

  #block(statements: readonly ir.Statement[]): void {
    this.#depth++;
    for (const statement of statements) this.#statement(statement);
    this.#depth--;
  }

  #statement(node: ir.Statement): void {
    switch (node.op) {
      case "let":
        this.#depths.set(node.local, this.#depth);
        this.#locals.set(
          node.local,
          node.value === undefined ? none : this.#value(node.value, node.local.name),
        );
        return;
      case "assign":
        this.#assign(node);
        return;
      case "update":
      case "expression":
        this.#value(node.value);
        return;
      case "return":
        if (node.value !== undefined) this.#return(this.#value(node.value), node);
        return;
      case "forOf": {
        const sequence = this.#value(node.sequence);
        const element = node.embedded ? sequence : this.#held(sequence);
        this.#locals.set(node.element, carriesReference(node.element.type) ? element : none);
        this.#depths.set(node.element, this.#depth + 1);
        break;
      }
      case "if":
        this.#value(node.condition);
        break;
      case "loop":
        this.#depth++;
        for (const inner of node.initial) this.#statement(inner);
        if (node.condition !== undefined) this.#value(node.condition);
        for (const inner of node.update) this.#statement(inner);
        this.#block(node.body);
        this.#depth--;
        return;
      case "switch":
        this.#value(node.subject);
        break;
    }
    for (const inner of innerStatements(node)) this.#block(inner);
  }

  #assign(node: ir.AssignStatement): void {
    const value = this.#value(node.value);
    const { target } = node;
    if (target.op === "local") {
      const depth = this.#depths.get(target.local) ?? 0;
      for (const slot of value.slots) if (slot.depth > depth) this.#refuse(slot, node);
      this.#locals.set(target.local, join(this.#locals.get(target.local) ?? none, value));
      return;
    }
    const isPlace = target.op === "field" || target.op === "element";
    this.#store(isPlace ? this.#value(target.base) : none, value, node);
  }

  /** `value` is kept in memory of `owner`. */
  #store(owner: Origins, value: Origins, node: { readonly at: ir.Place }): void {
    const outside = [...owner.parameters, ...owner.contents];
    if (owner.slots.size === 0 && outside.length === 0) {
      this.#escape(value, node);
      return;
    }
    for (const slot of owner.slots) {
      for (const kept of value.slots) if (kept.depth > slot.depth) this.#refuse(kept, node);
      slot.holds = join(slot.holds, value);
    }
    if (outside.length > 0) for (const kept of value.slots) this.#refuse(kept, node);
    for (const parameter of outside) {
      const flow = this.#summaries.get(this.#function)?.stored.get(parameter);
      if (flow !== undefined) this.#note(flow, value);
    }
  }

  #return(value: Origins, node: ir.Statement): void {
    for (const slot of value.slots) this.#refuse(slot, node);
    const summary = this.#summaries.get(this.#function);
    if (summary !== undefined) this.#note(summary.returned, value);
  }

  #escape(value: Origins, node: { readonly at: ir.Place }): void {
    for (const slot of value.slots) this.#refuse(slot, node);
    const summary = this.#summaries.get(this.#function);
    if (summary !== undefined) this.#note(summary.escaping, value);
  }

  #note(flow: Flow, value: Origins): void {
    const before = flow.parameters.size + flow.contents.size;
    for (const parameter of value.parameters) flow.parameters.add(parameter);
    for (const parameter of value.contents) flow.contents.add(parameter);
    if (flow.parameters.size + flow.contents.size > before) this.#changed = true;
  }

  #refuse(slot: Slot, node: { readonly at: ir.Place }): void {
    this.#found?.push(diagnostic("escapes", node.at, [slot.name]));
  }

  /** What the value of an expression may refer to. */
  #value(node: ir.Expression, name = "a temporary"): Origins {
    const origins = this.#origins(node, name);
    return carriesReference(node.type) ? origins : none;
  }

  #origins(node: ir.Expression, name: string): Origins {
    switch (node.op) {
      case "local":
        return this.#locals.get(node.local) ?? none;
      case "new":
        return this.#new(node, name);
      case "list":
      case "template": {
        const parts = node.op === "list" ? node.elements : node.pieces;
        const made = this.#slot(node, name);
        for (const slot of made.slots) {
          for (const part of parts) slot.holds = join(slot.holds, this.#value(part));
        }
        return made;
      }
      case "call":
        return this.#call([node.function], node.arguments_, node);
      case "callValue":
        this.#value(node.callee);
        return this.#call(this.#indirect(node), node.arguments_, node);
      case "callMethod":
        return this.#call(this.#indirect(node), [node.receiver, ...node.arguments_], node);
      case "convert":
        if (node.type.kind === "template") return join(this.#value(node.operand), this.#slot(node, name));
        return this.#value(node.operand, name);
      case "letIn":
        this.#depths.set(node.local, this.#depth);
        this.#locals.set(node.local, this.#value(node.value));
        return this.#value(node.body);
      case "field":
        // What an embedded struct's field refers to is somewhere else; the embedded struct itself is here.
        return node.embedded ? this.#value(node.base) : this.#held(this.#value(node.base));
      case "element":
        this.#value(node.index);
        return node.embedded ? this.#value(node.base) : this.#held(this.#value(node.base));
      case "variantField":
      case "cast":
      case "nonnull":
        return this.#value(node.op === "variantField" ? node.base : node.operand);
      case "conditional":
        this.#value(node.condition);
        return join(this.#value(node.then), this.#value(node.otherwise));
      case "coalesce":
        return join(this.#value(node.left), this.#value(node.right));
      case "makeVariant":
        return node.values.reduce((all, entry) => join(all, this.#value(entry.value)), none);
      case "intrinsic":
        return this.#intrinsic(node);
      case "binary":
      case "compare":
      case "logical":
        this.#value(node.left);
        this.#value(node.right);
        return none;
      case "unary":
        this.#value(node.operand);
        return none;
      default:
        return none;
    }
  }

  /** What references kept in the memory of a value may refer to. */
  #held(value: Origins): Origins {
    const outside: Origins = { ...none, contents: new Set([...value.parameters, ...value.contents]) };
    return [...value.slots].reduce((all, slot) => join(all, slot.holds), outside);
  }

  #slot(node: ir.Expression, name: string): Origins {
    const slot = this.#slots.get(node) ?? { name, depth: this.#depth, holds: none };
    this.#slots.set(node, slot);
    return { ...none, slots: new Set([slot]) };
  }

  #new(node: ir.NewNode, name: string): Origins {
    const slot = this.#slot(node, name);
    const values = node.arguments_.map((argument) => this.#value(argument));
    if (node.constructor_ !== undefined) this.#apply(node.constructor_, [slot, ...values], node);
    return slot;
  }

  #intrinsic(node: ir.IntrinsicNode): Origins {
    const values = node.arguments_.map((argument) => this.#value(argument));
    const [target = none, source = none] = values;
    if (node.name === "sliceFill") this.#store(target, source, node);
    const copies = node.name === "sliceCopy" || node.name === "copy";
    if (copies && keepsReference(node.arguments_[0]?.type)) this.#store(target, this.#held(source), node);
    if (node.name === "pointerStore") this.#escape(source, node);
    return values.reduce(join, none);
  }

  #call(
    callees: readonly ir.Function_[],
    arguments_: readonly ir.Expression[],
    call: { readonly at: ir.Place },
  ): Origins {
    const values = arguments_.map((argument) => this.#value(argument));
    return callees.reduce((all, callee) => join(all, this.#apply(callee, values, call)), none);
  }

  /** What a callee does with its parameters happens to the arguments; gives what its result may refer to. */
  #apply(callee: ir.Function_, values: readonly Origins[], call: { readonly at: ir.Place }): Origins {
    const summary = this.#summaries.get(callee);
    if (summary === undefined) return none;
    const arriving = (flow: Flow): Origins => {
      const whole = [...flow.parameters].map((i) => values[i] ?? none);
      const held = [...flow.contents].map((i) => this.#held(values[i] ?? none));
      return [...whole, ...held].reduce(join, none);
    };
    this.#escape(arriving(summary.escaping), call);
    for (const [owner, flow] of summary.stored) {
      if (flow.parameters.size + flow.contents.size > 0)
        this.#store(values[owner] ?? none, arriving(flow), call);
    }
    return arriving(summary.returned);
  }
}

/** Whether the memory that a slice or reference stands for has references in it. */
function keepsReference(type: Type | undefined): boolean {
  if (type?.kind === "slice") return storesReference(type.element);
  return type?.kind === "reference" && storesReference(type.target);
}

function join(a: Origins, b: Origins): Origins {
  if (a === none) return b;
  if (b === none) return a;
  return {
    slots: new Set([...a.slots, ...b.slots]),
    parameters: new Set([...a.parameters, ...b.parameters]),
    contents: new Set([...a.contents, ...b.contents]),
  };
}
