/**
 * The program after checking: every expression has its machine type, every name is resolved, generics are
 * monomorphised. What is left to do is to prove checks away, and to print C.
 */
import type {
  ArrayType,
  FunctionType,
  InterfaceDefinition,
  StructDefinition,
  Type,
  UnionDefinition,
} from "../types/type.ts";

/** Where something stands in the source. */
export interface Place {
  /** Path as shown to the programmer, relative to the project. */
  readonly file: string;
  readonly line: number;
  /** Offset and length in the file's text, for diagnostics. */
  readonly start: number;
  readonly length: number;
}

/** A parameter or local variable. */
export interface Local {
  readonly name: string;
  readonly id: number;
  type: Type;
  /** Never assigned after its declaration. */
  readonly constant: boolean;
  readonly at: Place;
  reads: number;
}

/** A static variable. */
export interface Global {
  readonly cName: string;
  readonly name: string;
  /** A storage type for statics made with `new` or an array literal. */
  readonly type: Type;
  readonly constant: boolean;
  readonly at: Place;
  initial: StaticValue | undefined;
}

/** What a documentation tag says of a function. */
export type Effect = "interrupt" | "blocks" | "allocates";

/** A function of the program, or one that assembly gives. */
export interface Function_ {
  readonly cName: string;
  /** As a TypeScript programmer calls it: `Console.write`. */
  readonly name: string;
  readonly parameters: readonly Local[];
  readonly type: FunctionType;
  readonly at: Place;
  readonly effects: ReadonlySet<Effect>;
  /** Has its C symbol seen from outside. */
  readonly exported: boolean;
  /** Declared only: assembly gives it. */
  readonly external: boolean;
  /** A constructor: gives back the struct it was called on. */
  readonly isConstructor: boolean;
  body: Statement[] | undefined;
  readonly calls: Call[];
}

/** An edge of the call graph. */
export interface Call {
  readonly at: Place;
  readonly to:
    | { readonly kind: "function"; readonly function: Function_ }
    | { readonly kind: "value"; readonly type: FunctionType }
    | { readonly kind: "method"; readonly interface: InterfaceDefinition; readonly method: string };
}

/** A function that became a value. */
export interface FunctionValue {
  readonly function: Function_;
  readonly type: FunctionType;
  readonly at: Place;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>" | ">>>";
export type Comparison = "===" | "!==" | "<" | "<=" | ">" | ">=";

interface Node<O extends string> {
  readonly op: O;
  readonly type: Type;
}

export interface IntegerNode extends Node<"integer"> {
  readonly value: bigint;
}
export interface BooleanNode extends Node<"boolean"> {
  readonly value: boolean;
}
export type NullNode = Node<"null">;
export interface StringNode extends Node<"string"> {
  readonly value: string;
}
export interface LocalNode extends Node<"local"> {
  readonly local: Local;
}
/** The global's value; for storage, a reference to it. */
export interface GlobalNode extends Node<"global"> {
  readonly global: Global;
}
export interface FunctionNode extends Node<"function"> {
  readonly function: Function_;
}
/** `check`: signed overflow or a bad divisor stops the program. */
export interface BinaryNode extends Node<"binary"> {
  readonly operator: Arithmetic;
  readonly left: Expression;
  readonly right: Expression;
  check: boolean;
  readonly at: Place;
}
export interface UnaryNode extends Node<"unary"> {
  readonly operator: "-" | "~" | "!";
  readonly operand: Expression;
  check: boolean;
  readonly at: Place;
}
export interface CompareNode extends Node<"compare"> {
  readonly operator: Comparison;
  readonly left: Expression;
  readonly right: Expression;
}
export interface LogicalNode extends Node<"logical"> {
  readonly operator: "&&" | "||";
  readonly left: Expression;
  readonly right: Expression;
}
export interface ConditionalNode extends Node<"conditional"> {
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}
/** Between integers: extends or truncates. */
export interface CastNode extends Node<"cast"> {
  readonly operand: Expression;
}
/** A conversion without loss of meaning: to nullable, array to slice, struct to interface, string to template. */
export interface ConvertNode extends Node<"convert"> {
  readonly operand: Expression;
}
/** A reference that TypeScript narrowed to non-null along a path that a call may have changed. */
export interface NonNullNode extends Node<"nonnull"> {
  readonly operand: Expression;
  check: boolean;
  readonly at: Place;
}
/** A struct's field: its value, or a reference to it where it is embedded. */
export interface FieldNode extends Node<"field"> {
  readonly base: Expression;
  readonly struct: StructDefinition;
  readonly field: string;
  readonly embedded: boolean;
}
/** A field of shared memory: the address of the field. */
export interface SharedFieldNode extends Node<"sharedField"> {
  readonly base: Expression;
  readonly struct: StructDefinition;
  readonly field: string;
}
/** An element: its value, or a reference to it where it is embedded. */
export interface ElementNode extends Node<"element"> {
  readonly base: Expression;
  readonly index: Expression;
  readonly embedded: boolean;
  check: boolean;
  readonly at: Place;
}
export interface VariantFieldNode extends Node<"variantField"> {
  readonly base: Expression;
  readonly union: UnionDefinition;
  readonly variant: number;
  readonly field: string;
  /** TypeScript narrowed along a path that a call may have changed, so the tag is looked at again. */
  check: boolean;
  readonly at: Place;
}
/** Whether a union's value is of one of these variants. */
export interface VariantTestNode extends Node<"variantTest"> {
  readonly base: Expression;
  readonly union: UnionDefinition;
  readonly variants: readonly number[];
}
export interface TagNode extends Node<"tag"> {
  readonly base: Expression;
  readonly union: UnionDefinition;
}
export interface MakeVariantNode extends Node<"makeVariant"> {
  readonly union: UnionDefinition;
  readonly variant: number;
  readonly values: readonly { readonly field: string; readonly value: Expression }[];
}
export interface NewNode extends Node<"new"> {
  readonly at: Place;
  readonly storage: StorageInitial;
  readonly constructor_: Function_ | undefined;
  readonly arguments_: readonly Expression[];
}
export interface CallNode extends Node<"call"> {
  readonly at: Place;
  readonly function: Function_;
  readonly arguments_: readonly Expression[];
}
export interface CallValueNode extends Node<"callValue"> {
  readonly at: Place;
  readonly callee: Expression;
  readonly arguments_: readonly Expression[];
}
export interface CallMethodNode extends Node<"callMethod"> {
  readonly at: Place;
  readonly receiver: Expression;
  readonly interface: InterfaceDefinition;
  readonly method: string;
  readonly arguments_: readonly Expression[];
}
export interface TemplateNode extends Node<"template"> {
  readonly pieces: readonly Expression[];
  readonly pieceType: Type;
}
/** A temporary array made in the frame from an array literal. */
export interface ListNode extends Node<"list"> {
  readonly element: Type;
  readonly elements: readonly Expression[];
}
/** One of the language's own operations; `name` picks its C. */
export interface IntrinsicNode extends Node<"intrinsic"> {
  readonly name: string;
  readonly arguments_: readonly Expression[];
  /** A type that the operation is about, such as a copied struct. */
  readonly about: Type | undefined;
  /** Whether what it asks for is looked at when it runs. */
  check: boolean;
  /** A memory order or a symbol's name. */
  readonly word: string;
  readonly at: Place;
}
/** `left` if it is not null, else `right`. */
export interface CoalesceNode extends Node<"coalesce"> {
  readonly left: Expression;
  readonly right: Expression;
}
/** Evaluates `value` once into `local`, then `body`. */
export interface LetInNode extends Node<"letIn"> {
  readonly local: Local;
  readonly value: Expression;
  readonly body: Expression;
}

export type Expression =
  | IntegerNode
  | BooleanNode
  | NullNode
  | StringNode
  | LocalNode
  | GlobalNode
  | FunctionNode
  | BinaryNode
  | UnaryNode
  | CompareNode
  | LogicalNode
  | ConditionalNode
  | CastNode
  | ConvertNode
  | NonNullNode
  | FieldNode
  | SharedFieldNode
  | ElementNode
  | VariantFieldNode
  | VariantTestNode
  | TagNode
  | MakeVariantNode
  | NewNode
  | CallNode
  | CallValueNode
  | CallMethodNode
  | TemplateNode
  | ListNode
  | IntrinsicNode
  | CoalesceNode
  | LetInNode;

/** How the memory of a struct or array starts. */
export interface StorageInitial {
  readonly type: Type;
  /** Fields that do not start as zero; for arrays, elements. */
  readonly fields: readonly { readonly name: string; readonly value: StaticValue }[];
}

/** What can stand in static memory: no code runs to make it. */
export type StaticValue =
  | { readonly kind: "expression"; readonly value: Expression }
  | { readonly kind: "struct"; readonly initial: StorageInitial }
  | { readonly kind: "array"; readonly type: ArrayType; readonly elements: readonly StaticValue[] }
  | { readonly kind: "repeat"; readonly type: ArrayType; readonly element: StaticValue };

/** What `break` and `continue` leave: a loop, a switch or a labelled block. */
export interface Target {
  readonly id: number;
  readonly kind: "loop" | "switch" | "block";
}

interface StatementNode<O extends string> {
  readonly op: O;
  readonly at: Place;
}
export interface LetStatement extends StatementNode<"let"> {
  readonly local: Local;
  readonly value: Expression | undefined;
  /** Called with the local on every way out of the block. */
  readonly dispose: Function_ | undefined;
}
export interface AssignStatement extends StatementNode<"assign"> {
  readonly target: Expression;
  readonly value: Expression;
}
/** `target op= value`, with the target's place evaluated once. */
export interface UpdateStatement extends StatementNode<"update"> {
  readonly target: Expression;
  readonly operator: Arithmetic;
  readonly value: Expression;
  check: boolean;
}
export interface ExpressionStatement extends StatementNode<"expression"> {
  readonly value: Expression;
}
export interface IfStatement extends StatementNode<"if"> {
  readonly condition: Expression;
  readonly then: Statement[];
  readonly otherwise: Statement[] | undefined;
}
export interface LoopStatement extends StatementNode<"loop"> {
  readonly target: Target;
  readonly initial: Statement[];
  readonly condition: Expression | undefined;
  readonly update: Statement[];
  readonly body: Statement[];
  /** The condition is tested after the body. */
  readonly bodyFirst: boolean;
}
export interface ForOfStatement extends StatementNode<"forOf"> {
  readonly target: Target;
  readonly sequence: Expression;
  readonly index: Local | undefined;
  readonly element: Local;
  readonly embedded: boolean;
  readonly body: Statement[];
}
export interface SwitchCase {
  /** Empty for `default`. */
  readonly tests: readonly Expression[];
  readonly isDefault: boolean;
  readonly body: Statement[];
  readonly at: Place;
}
export interface SwitchStatement extends StatementNode<"switch"> {
  readonly target: Target;
  readonly subject: Expression;
  readonly cases: readonly SwitchCase[];
  /** Every value has a case, so what falls through is a broken promise. */
  readonly exhaustive: boolean;
}
export interface ReturnStatement extends StatementNode<"return"> {
  readonly value: Expression | undefined;
}
export interface JumpStatement extends StatementNode<"break" | "continue"> {
  readonly target: Target;
}
export interface BlockStatement extends StatementNode<"block"> {
  readonly body: Statement[];
  readonly target: Target | undefined;
}

export type Statement =
  | LetStatement
  | AssignStatement
  | UpdateStatement
  | ExpressionStatement
  | IfStatement
  | LoopStatement
  | ForOfStatement
  | SwitchStatement
  | ReturnStatement
  | JumpStatement
  | BlockStatement;

/** How a class answers an interface's methods. */
export interface Implementation {
  readonly struct: StructDefinition;
  readonly interface: InterfaceDefinition;
  readonly methods: ReadonlyMap<string, Function_>;
}

/** The whole program. */
export interface Program {
  readonly structs: StructDefinition[];
  readonly globals: Global[];
  readonly functions: Function_[];
  readonly implementations: Implementation[];
  readonly functionValues: FunctionValue[];
  /** What a template is a slice of. */
  readonly piece: Type;
  checkHandler: Function_ | undefined;
  readonly entry: Function_ | undefined;
}
