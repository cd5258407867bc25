/** JavaScript evaluates operands from left to right; C does not say. Here is told where that can be seen. */
import type * as ir from "./ir.ts";

/** Whether evaluating `node` can change what another expression sees. */
export function hasEffects(node: ir.Expression): boolean {
  switch (node.op) {
    case "call":
    case "callValue":
    case "callMethod":
    case "new":
    case "letIn":
      return true;
    case "intrinsic":
      return !pureIntrinsics.has(node.name) || node.arguments_.some(hasEffects);
    default:
      return childrenOf(node).some(hasEffects);
  }
}

/** Whether `node` gives the same value whatever runs in between. */
export function isStable(node: ir.Expression): boolean {
  switch (node.op) {
    case "integer":
    case "boolean":
    case "null":
    case "string":
    case "function":
      return true;
    case "local":
      // A call cannot assign a local of its caller, and an assignment is no expression.
      return true;
    case "global":
      return node.global.constant || node.global.type.kind === "struct" || node.global.type.kind === "array";
    case "field":
      return node.embedded && isStable(node.base);
    case "cast":
    case "convert":
    case "nonnull":
      return isStable(node.operand);
    case "binary":
      return isStable(node.left) && isStable(node.right);
    default:
      return false;
  }
}

/** Whether printing `node` twice costs nothing and means the same. */
export function isRepeatable(node: ir.Expression): boolean {
  switch (node.op) {
    case "local":
    case "global":
    case "integer":
    case "string":
    case "null":
      return true;
    case "field":
      return isRepeatable(node.base);
    case "nonnull":
      return !node.check && isRepeatable(node.operand);
    case "convert":
      return node.type.kind === "slice" && isRepeatable(node.operand);
    default:
      return false;
  }
}

const pureIntrinsics = new Set([
  "sliceLength",
  "addressOf",
  "pointerTarget",
  "stringBytes",
  "sliceFrom",
  "subSlice",
  "readBytes",
  "sliceEquals",
  "sharedAt",
  "pointerAdd",
  "pointerCast",
  "has",
  "checked",
  "fits",
  "min",
  "max",
  "popCount",
  "lowestBit",
  "highestBit",
  "byteSwap",
  "rotateLeft",
  "multiplyHigh",
  "pieces",
  "ptr",
  "structAt",
  "sharedAtAddress",
  "sliceAt",
  "functionAt",
  "bytesOf",
  "stringOf",
  "symbolAddress",
  "frameAddress",
]);

/** The expressions that `node` is made of. */
export function childrenOf(node: ir.Expression): readonly ir.Expression[] {
  switch (node.op) {
    case "binary":
    case "compare":
    case "logical":
    case "coalesce":
      return [node.left, node.right];
    case "unary":
    case "cast":
    case "convert":
    case "nonnull":
      return [node.operand];
    case "conditional":
      return [node.condition, node.then, node.otherwise];
    case "field":
    case "sharedField":
    case "variantField":
    case "variantTest":
    case "tag":
      return [node.base];
    case "element":
      return [node.base, node.index];
    case "makeVariant":
      return node.values.map((entry) => entry.value);
    case "new":
    case "call":
    case "intrinsic":
      return node.arguments_;
    case "callValue":
      return [node.callee, ...node.arguments_];
    case "callMethod":
      return [node.receiver, ...node.arguments_];
    case "template":
      return node.pieces;
    case "list":
      return node.elements;
    case "letIn":
      return [node.value, node.body];
    default:
      return [];
  }
}
