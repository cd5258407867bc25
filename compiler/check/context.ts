/** What the checker's rooms share: the program, the tables of what has been seen, and the way into each other. */
import type * as ir from "../ir/ir.ts";
import type { SourceProgram, TargetName } from "../source/program.ts";
import type ts from "../typescript.ts";
import {
  type EnumDefinition,
  type FunctionType,
  type IntegerType,
  type InterfaceDefinition,
  type StructDefinition,
  type Type,
  type UnionDefinition,
  type UnionType,
  voidType,
} from "../types/type.ts";
import type { Report } from "./refusal.ts";

/** Type parameters and what they stand for in this instance. */
export type Environment = ReadonlyMap<ts.Symbol, Type>;

/** A class with its type arguments. */
export interface StructInstance {
  readonly definition: StructDefinition;
  readonly declaration: ts.ClassDeclaration;
  readonly environment: Environment;
  /** The field initialisers, once the layout is known. */
  initial: ir.StorageInitial | undefined;
}

/** The state of checking one function's body. */
export interface Scope {
  readonly environment: Environment;
  readonly locals: Map<ts.Symbol, ir.Local>;
  /** Local `const`s that are untyped constants, and constructor arguments known at compile time. */
  readonly constants: Map<ts.Symbol, ir.Expression>;
  readonly self: ir.Local | undefined;
  readonly function: ir.Function_ | undefined;
  readonly result: Type;
  readonly targets: { readonly target: ir.Target; readonly label: string | undefined }[];
  /** Locals of this function whose value has to be looked at. */
  readonly owed: ir.Local[];
}

/** The state of one compilation. */
export interface Checker {
  readonly source: SourceProgram;
  readonly tsc: ts.TypeChecker;
  readonly report: Report;
  readonly program: ir.Program;
  readonly target: TargetName;
  readonly checkedArithmetic: boolean;

  readonly structs: Map<string, StructInstance>;
  readonly structOf: Map<StructDefinition, StructInstance>;
  readonly enums: Map<ts.Symbol, EnumDefinition>;
  readonly unions: Map<string, UnionDefinition | "pending">;
  readonly interfaces: Map<string, InterfaceDefinition>;
  readonly functions: Map<string, ir.Function_>;
  readonly globals: Map<ts.Symbol, ir.Global>;
  readonly constants: Map<ts.Symbol, ir.Expression | "pending">;
  /** Bodies that are still to be checked. */
  readonly pending: (() => void)[];
  readonly cNames: Map<string, number>;
  nextId: number;

  commonType(left: Type, right: Type, node: ts.Node): Type;
  readonly types: { readonly u32: IntegerType; readonly piece: () => UnionType };
  place(node: ts.Node): ir.Place;
  /** Notes that values of `struct` are used through `interface_`. */
  implement(struct: StructDefinition, interface_: InterfaceDefinition): void;
  /** What an imported name stands for. */
  aliased(symbol: ts.Symbol): ts.Symbol;
  /** The value of an expression, converted to `expected` where that is given. */
  expression(scope: Scope, node: ts.Expression, expected?: Type): ir.Expression;
  /** A scope without a function: what it evaluates must be known at compile time. */
  staticScope(): Scope;
  /** The same without the conversion: `expected` only hints. */
  hinted(scope: Scope, node: ts.Expression, hint?: Type): ir.Expression;
  statements(scope: Scope, nodes: readonly ts.Statement[]): ir.Statement[];
  /** What a type annotation means; storage types as such. */
  annotation(node: ts.TypeNode, environment: Environment): Type;
  structInstance(declaration: ts.ClassDeclaration, arguments_: readonly Type[], at: ts.Node): StructInstance;
  functionOf(
    declaration: FunctionLike,
    environment: Environment,
    self: StructDefinition | undefined,
    contextual?: FunctionType,
  ): ir.Function_;
}

/** Every form of a function that can be compiled. */
export type FunctionLike =
  | ts.FunctionDeclaration
  | ts.MethodDeclaration
  | ts.GetAccessorDeclaration
  | ts.ConstructorDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction;

/** The symbol a name stands for, with import aliases followed. */
export function symbolOf(checker: Checker, node: ts.Node): ts.Symbol | undefined {
  const symbol = checker.tsc.getSymbolAtLocation(node);
  return symbol === undefined ? undefined : checker.aliased(symbol);
}

/** A C identifier for `wanted` that nothing else has. */
export function uniqueName(checker: Checker, wanted: string): string {
  const clean = wanted.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_");
  const count = checker.cNames.get(clean) ?? 0;
  checker.cNames.set(clean, count + 1);
  return count === 0 ? clean : uniqueName(checker, `${clean}_${count + 1}`);
}

/** Names one declaration with its type arguments, so that each instance is made once. */
export function instanceKey(declaration: ts.Node, types: Iterable<Type>): string {
  const arguments_ = [...types].map((type) => type.key).join(",");
  return `${declaration.getSourceFile().fileName}:${declaration.pos}<${arguments_}>`;
}

/** A scope for what is known at compile time only. */
export function staticScope(environment: Environment): Scope {
  return {
    environment,
    locals: new Map(),
    constants: new Map(),
    self: undefined,
    function: undefined,
    result: voidType,
    targets: [],
    owed: [],
  };
}
