/**
 * Owned values have one owner at a time. Each function is walked in the order in which it runs, with what each of its
 * variables holds: a variable that has an owned value gives it away exactly once on every way through its block.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { DiagnosticName } from "../diagnostics/catalogue.ts";
import type * as ir from "../ir/ir.ts";
import { childrenOf } from "../ir/order.ts";
import { carriesOwned, isOwned, storesOwned } from "../types/contents.ts";
import { show } from "../types/show.ts";
import type { Type } from "../types/type.ts";
import { holdingOf, isVacant, meet, ownershipTest, placeName, type Holding, type State } from "./holdings.ts";

/** What becomes of the value of an expression: it gets a new owner, or is only looked at. */
type Purpose = "give" | "look";

/** One diagnostic for each owned value that is lost, given away twice, or copied. */
export function checkOwners(program: ir.Program): Diagnostic[] {
  return program.functions.flatMap((one) => new OwnerWalk(one).run());
}

/** A statement that `break` and `continue` leave, and the states in which they do. */
interface Exit {
  readonly target: ir.Target;
  /** Blocks that were open outside it. */
  readonly blocks: number;
  readonly breaks: State[];
  readonly continues: State[];
}

class OwnerWalk {
  readonly #function: ir.Function_;
  readonly #found: Diagnostic[] = [];
  readonly #reported = new Set<ir.Local>();
  /** The variables of each open block. */
  readonly #blocks: ir.Local[][] = [];
  readonly #exits: Exit[] = [];
  #state: State = new Map();

  constructor(one: ir.Function_) {
    this.#function = one;
  }

  run(): Diagnostic[] {
    const { body, parameters } = this.#function;
    if (body === undefined) return [];
    this.#blocks.push([]);
    for (const parameter of parameters) this.#declare(parameter, "held");
    this.#statements(body);
    this.#leaveBlock(this.#function.at);
    return this.#found;
  }

  #report(name: DiagnosticName, at: ir.Place, what: string, because?: ir.Place): void {
    const related =
      because === undefined ? [] : [{ span: because, message: `\`${what}\` gets its value here` }];
    this.#found.push(diagnostic(name, at, [what], related));
  }

  /** Once for each variable: what follows from the first is no news. */
  #reportLocal(name: DiagnosticName, at: ir.Place, local: ir.Local): void {
    if (this.#reported.has(local)) return;
    this.#reported.add(local);
    this.#report(name, at, local.name, local.at);
  }

  #declare(local: ir.Local, holding: Holding): void {
    if (!carriesOwned(local.type)) return;
    this.#blocks.at(-1)?.push(local);
    this.#state?.set(local, holding);
  }

  /** A way out of every block beyond the first `blocks`. */
  #requireDone(blocks: number, at: ir.Place): void {
    for (const local of this.#blocks.slice(blocks).flat()) {
      if (this.#state?.get(local) === "held") this.#reportLocal("ownedDropped", at, local);
    }
  }

  #leaveBlock(at: ir.Place): void {
    this.#requireDone(this.#blocks.length - 1, at);
    for (const local of this.#blocks.pop() ?? []) this.#state?.delete(local);
  }

  #block(statements: readonly ir.Statement[], at: ir.Place): void {
    this.#blocks.push([]);
    this.#statements(statements);
    this.#leaveBlock(statements.at(-1)?.at ?? at);
  }

  #statements(statements: readonly ir.Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(node: ir.Statement): void {
    switch (node.op) {
      case "let":
        if (node.value !== undefined) this.#value(node.value, "give", node.at);
        this.#declare(node.local, node.value === undefined ? "empty" : holdingOf(node.value));
        return;
      case "assign":
        this.#assign(node);
        return;
      case "update":
        this.#value(node.target, "look", node.at);
        this.#value(node.value, "look", node.at);
        return;
      case "expression":
        this.#value(node.value, "look", node.at);
        if (node.value.type.kind === "never") this.#state = undefined;
        return;
      case "return":
        if (node.value !== undefined) this.#value(node.value, "give", node.at);
        this.#requireDone(0, node.at);
        this.#state = undefined;
        return;
      case "break":
      case "continue":
        this.#jump(node);
        return;
      case "if":
        this.#if(node);
        return;
      case "block":
        this.#exiting(node.target, node.at, () => {
          this.#block(node.body, node.at);
        });
        return;
      case "switch":
        this.#switch(node);
        return;
      case "loop":
        this.#loop(node);
        return;
      case "forOf":
        this.#forOf(node);
    }
  }

  #assign(node: ir.AssignStatement): void {
    const { target, value } = node;
    this.#parts(target, node.at);
    this.#value(value, "give", node.at);
    if (target.op !== "local" || !carriesOwned(target.type)) return;
    if (this.#state?.get(target.local) === "held") this.#reportLocal("ownedDropped", node.at, target.local);
    this.#state?.set(target.local, holdingOf(value));
  }

  #jump(node: ir.JumpStatement): void {
    const exit = this.#exits.find((candidate) => candidate.target === node.target);
    if (exit !== undefined) {
      this.#requireDone(exit.blocks, node.at);
      (node.op === "break" ? exit.breaks : exit.continues).push(this.#state && new Map(this.#state));
    }
    this.#state = undefined;
  }

  /** Runs `body`, from which `break` goes on behind it. */
  #exiting(target: ir.Target | undefined, at: ir.Place, body: (exit: Exit | undefined) => void): void {
    if (target === undefined) {
      body(undefined);
      return;
    }
    const exit: Exit = { target, blocks: this.#blocks.length, breaks: [], continues: [] };
    this.#exits.push(exit);
    body(exit);
    this.#exits.pop();
    for (const state of exit.breaks) this.#state = this.#merge(this.#state, state, at);
  }

  #if(node: ir.IfStatement): void {
    const before = this.#condition(node.condition, node.at);
    this.#state = before.whenTrue;
    this.#block(node.then, node.at);
    const after = this.#state;
    this.#state = before.whenFalse;
    this.#block(node.otherwise ?? [], node.at);
    this.#state = this.#merge(after, this.#state, node.at);
  }

  #switch(node: ir.SwitchStatement): void {
    this.#value(node.subject, "look", node.at);
    const before = this.#state;
    const hasDefault = node.exhaustive || node.cases.some((one) => one.isDefault);
    this.#exiting(node.target, node.at, () => {
      let after: State = hasDefault ? undefined : before;
      for (const one of node.cases) {
        this.#state = before && new Map(before);
        this.#block(one.body, one.at);
        after = this.#merge(after, this.#state, one.at);
      }
      this.#state = after;
    });
  }

  #loop(node: ir.LoopStatement): void {
    this.#blocks.push([]);
    this.#statements(node.initial);
    this.#exiting(node.target, node.at, (exit) => {
      const before = this.#state && new Map(this.#state);
      let after: State;
      const test = (): void => {
        const condition = node.condition;
        if (condition === undefined) return;
        const { whenTrue, whenFalse } = this.#condition(condition, node.at);
        after = whenFalse;
        this.#state = whenTrue;
      };
      if (!node.bodyFirst) test();
      this.#block(node.body, node.at);
      for (const state of exit?.continues ?? []) this.#state = this.#merge(this.#state, state, node.at);
      this.#statements(node.update);
      if (node.bodyFirst) test();
      this.#merge(before, this.#state, node.at); // the next round starts as the first one did
      this.#state = after;
    });
    this.#leaveBlock(node.at);
  }

  #forOf(node: ir.ForOfStatement): void {
    this.#value(node.sequence, "look", node.at);
    if (!node.embedded && carriesOwned(node.element.type))
      this.#report("ownedCopied", node.at, node.element.name);
    this.#exiting(node.target, node.at, (exit) => {
      const before = this.#state && new Map(this.#state);
      this.#block(node.body, node.at);
      for (const state of exit?.continues ?? []) this.#state = this.#merge(this.#state, state, node.at);
      this.#state = this.#merge(before, this.#state, node.at);
    });
  }

  /** Where two ways meet, no variable may have been given away on one and still hold its value on the other. */
  #merge(one: State, other: State, at: ir.Place): State {
    const { state, uneven } = meet(one, other);
    for (const local of uneven) this.#reportLocal("ownedUneven", at, local);
    return state;
  }

  /** The states in which a condition leaves: a union that turns out to be without an owned value has none to give. */
  #condition(node: ir.Expression, at: ir.Place): { readonly whenTrue: State; readonly whenFalse: State } {
    if (node.op === "unary" && node.operator === "!") {
      const { whenTrue, whenFalse } = this.#condition(node.operand, at);
      return { whenTrue: whenFalse, whenFalse: whenTrue };
    }
    if (node.op === "logical") return this.#logical(node, at);
    this.#value(node, "look", at);
    const whenTrue = this.#state && new Map(this.#state);
    const whenFalse = this.#state && new Map(this.#state);
    const test = ownershipTest(node);
    if (test?.emptyIfTrue === true) whenTrue?.set(test.local, "empty");
    if (test?.emptyIfFalse === true) whenFalse?.set(test.local, "empty");
    return { whenTrue, whenFalse };
  }

  #logical(node: ir.LogicalNode, at: ir.Place): { readonly whenTrue: State; readonly whenFalse: State } {
    const left = this.#condition(node.left, at);
    const isAnd = node.operator === "&&";
    this.#state = isAnd ? left.whenTrue : left.whenFalse;
    const right = this.#condition(node.right, at);
    return isAnd
      ? { whenTrue: right.whenTrue, whenFalse: this.#merge(left.whenFalse, right.whenFalse, at) }
      : { whenTrue: this.#merge(left.whenTrue, right.whenTrue, at), whenFalse: right.whenFalse };
  }

  /** One expression, whose value is only looked at or gets a new owner. */
  #value(node: ir.Expression, purpose: Purpose, at: ir.Place): void {
    if (carriesOwned(node.type)) {
      this.#owned(node, purpose, at);
      return;
    }
    if (node.op === "logical" || node.op === "conditional") {
      this.#branches(node, purpose, at);
      return;
    }
    if (node.op === "letIn") {
      this.#letIn(node, purpose, at);
      return;
    }
    this.#parts(node, at);
    if (node.op === "intrinsic") this.#intrinsic(node);
    if (node.op === "new" && storesOwned(node.storage.type))
      this.#report("ownedOnStack", node.at, show(node.storage.type));
  }

  /** What an expression is made of. */
  #parts(node: ir.Expression, at: ir.Place): void {
    const gives =
      node.op === "call" || node.op === "callValue" || node.op === "callMethod" || node.op === "new";
    const isGiven = gives || node.op === "makeVariant" || (node.op === "intrinsic" && node.name === "disown");
    const place = "at" in node ? node.at : at;
    for (const child of childrenOf(node)) this.#value(child, isGiven ? "give" : "look", place);
  }

  /** Copies of memory that has places for owned values would make second owners. */
  #intrinsic(node: ir.IntrinsicNode): void {
    const copied = copyingIntrinsics.has(node.name)
      ? node.arguments_.find(({ type }) => {
          if (type.kind === "reference") return storesOwned(type.target);
          return type.kind === "slice" && storesOwned(type.element);
        })
      : undefined;
    if (copied !== undefined) this.#report("ownedCopied", node.at, node.name);
  }

  /** An expression whose value is, or carries, an owned one. */
  #owned(node: ir.Expression, purpose: Purpose, at: ir.Place): void {
    switch (node.op) {
      case "integer":
        return;
      case "local":
        this.#local(node.local, node.type, purpose, at);
        return;
      case "field":
      case "element":
      case "global":
        this.#parts(node, at);
        if (purpose === "give" && !isVacant(node)) this.#report("ownedCopied", at, placeName(node));
        return;
      case "variantField":
        if (node.base.op === "local") this.#local(node.base.local, node.base.type, purpose, at);
        else this.#value(node.base, "look", at);
        return;
      case "conditional":
        this.#branches(node, purpose, at);
        return;
      case "letIn":
        this.#letIn(node, purpose, at);
        return;
      default: // calls, `take`, casts: somebody's new value
        this.#parts(node, at);
        if (purpose === "look") this.#report("ownedDropped", at, placeName(node));
    }
  }

  #local(local: ir.Local, type: Type, purpose: Purpose, at: ir.Place): void {
    const isGone = this.#state?.get(local) === "gone";
    if (isGone && (purpose === "give" || isOwned(type))) this.#reportLocal("ownedGone", at, local);
    if (purpose === "give") this.#state?.set(local, "gone");
  }

  #letIn(node: ir.LetInNode, purpose: Purpose, at: ir.Place): void {
    this.#value(node.value, "give", at);
    if (carriesOwned(node.local.type)) this.#state?.set(node.local, "held");
    this.#value(node.body, purpose, at);
    if (this.#state?.get(node.local) === "held") this.#reportLocal("ownedDropped", at, node.local);
    this.#state?.delete(node.local);
  }

  #branches(node: ir.LogicalNode | ir.ConditionalNode, purpose: Purpose, at: ir.Place): void {
    if (node.op === "logical") {
      const { whenTrue, whenFalse } = this.#logical(node, at);
      this.#state = this.#merge(whenTrue, whenFalse, at);
      return;
    }
    const { whenTrue, whenFalse } = this.#condition(node.condition, at);
    this.#state = whenTrue;
    this.#value(node.then, purpose, at);
    const after = this.#state;
    this.#state = whenFalse;
    this.#value(node.otherwise, purpose, at);
    this.#state = this.#merge(after, this.#state, at);
  }
}

const copyingIntrinsics = new Set(["copy", "zero", "sliceCopy", "sliceFill"]);
