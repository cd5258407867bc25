/** What the walk over owned values knows: the holding of each variable, and what expressions tell of it. */
import type * as ir from "../ir/ir.ts";
import { carriesOwned } from "../types/contents.ts";

/**
 * What a variable has: an owned value, the memory of one that was given away, or nothing, as a vacant handle and a
 * union that turned out to carry none.
 */
export type Holding = "held" | "gone" | "empty";

/** The holding of each variable in reach. No state at all: nothing runs here. */
export type State = Map<ir.Local, Holding> | undefined;

/** The state where two ways meet, and the variables that were given away on one of them only. */
export function meet(one: State, other: State): { readonly state: State; readonly uneven: ir.Local[] } {
  if (one === undefined || other === undefined) return { state: one ?? other, uneven: [] };
  const state = new Map<ir.Local, Holding>();
  const uneven: ir.Local[] = [];
  for (const [local, here] of one) {
    const there = other.get(local);
    if (there === undefined) continue;
    const both = new Set([here, there]);
    if (both.has("gone") && both.has("held")) uneven.push(local);
    state.set(local, both.has("gone") ? "gone" : both.has("held") ? "held" : "empty");
  }
  return { state, uneven };
}

/** Zero is nobody's: it has no owner, and needs none. */
export function isVacant(node: ir.Expression): boolean {
  return node.op === "integer" || (node.op === "global" && node.global.constant);
}

export function holdingOf(value: ir.Expression): Holding {
  return isVacant(value) ? "empty" : "held";
}

/** How a message calls the place of an owned value. */
export function placeName(node: ir.Expression): string {
  switch (node.op) {
    case "field":
      return node.field;
    case "global":
      return node.global.name;
    case "call":
      return node.function.name;
    case "callMethod":
      return node.method;
    default:
      return "an owned value";
  }
}

interface OwnershipTest {
  readonly local: ir.Local;
  readonly emptyIfTrue: boolean;
  readonly emptyIfFalse: boolean;
}

/** What `held(variable)`, `union.ok` and `union.kind === …` tell of a variable. */
export function ownershipTest(node: ir.Expression): OwnershipTest | undefined {
  if (node.op === "intrinsic" && node.name === "held") {
    const [place] = node.arguments_;
    return place?.op === "local" ? { local: place.local, emptyIfTrue: false, emptyIfFalse: true } : undefined;
  }
  if ((node.op !== "tag" && node.op !== "variantTest") || node.base.op !== "local") return undefined;
  const { union } = node;
  const isTrue = (i: number): boolean =>
    node.op === "tag" ? union.variants[i]?.tag === true : node.variants.includes(i);
  const owned = union.variants.flatMap((variant, i) =>
    variant.fields.some((field) => carriesOwned(field.type)) ? [i] : [],
  );
  return {
    local: node.base.local,
    emptyIfTrue: !owned.some(isTrue),
    emptyIfFalse: owned.every(isTrue),
  };
}
