import type * as ir from "../ir/ir.ts";
import type { CTypes } from "./types.ts";

/** What the rooms that print parts of expressions ask of the one that prints them whole. */
export interface Printer {
  readonly types: CTypes;
  /** The C expression for `node`. */
  print(node: ir.Expression): string;
  /** Text as a C value. */
  string(value: string): string;
  /** A name that nothing else has. */
  temporary(): string;
  /** Operands evaluated from left to right, wherever that can be told from outside. */
  ordered(nodes: readonly ir.Expression[], build: (texts: string[]) => string): string;
}
