import type { Statement } from "./ir.ts";

/** The statement lists inside a statement. */
export function innerStatements(node: Statement): readonly (readonly Statement[])[] {
  switch (node.op) {
    case "if":
      return [node.then, node.otherwise ?? []];
    case "loop":
      return [node.initial, node.body, node.update];
    case "forOf":
    case "block":
      return [node.body];
    case "switch":
      return node.cases.map((one) => one.body);
    default:
      return [];
  }
}
