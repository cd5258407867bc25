/** Checks a whole program, and gives it as IR. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type * as ir from "../ir/ir.ts";
import { placeOf, type SourceProgram, type TargetName } from "../source/program.ts";
import ts from "../typescript.ts";
import {
  type InterfaceDefinition,
  type StructDefinition,
  type Type,
  u32,
  type UnionType,
  voidType,
} from "../types/type.ts";
import { annotation } from "./annotations.ts";
import { type Checker, staticScope } from "./context.ts";
import { commonType, convert } from "./convert.ts";
import { functionOf } from "./declarations.ts";
import { hinted } from "./expressions.ts";
import { checkModule, reserveSymbols } from "./modules.ts";
import { Report } from "./refusal.ts";
import { statements } from "./statements.ts";
import { findMember, methodOf, structInstance } from "./structs.ts";
import { recordType } from "./unions.ts";

/** The program with what is wrong with it; where anything is, the program is not whole. */
export interface Checked {
  readonly program: ir.Program;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks every declaration of every file, and the instances of generics that they use. */
export function check(source: SourceProgram, target: TargetName, checkedArithmetic: boolean): Checked {
  const program = {
    structs: [],
    globals: [],
    functions: [] as ir.Function_[],
    implementations: [],
    functionValues: [],
    piece: voidType as Type,
    checkHandler: undefined,
    entry: undefined as ir.Function_ | undefined,
  };
  const checker = makeChecker(source, target, checkedArithmetic, program);
  program.piece = checker.types.piece();
  for (const file of source.files) reserveSymbols(checker, file);
  for (const file of source.files) checkModule(checker, file);
  for (let next = checker.pending.shift(); next !== undefined; next = checker.pending.shift()) {
    checker.report.attempt(next);
  }
  checker.report.close();
  program.entry = program.functions.find((candidate) => candidate.cName === "xl_main");
  return { program, diagnostics: checker.report.diagnostics };
}

function makeChecker(
  source: SourceProgram,
  target: TargetName,
  checkedArithmetic: boolean,
  program: ir.Program,
): Checker {
  const implemented = new Set<string>();
  let piece: UnionType | undefined;
  const checker: Checker = {
    source,
    tsc: source.checker,
    report: new Report(),
    program,
    target,
    checkedArithmetic,
    structs: new Map(),
    structOf: new Map(),
    enums: new Map(),
    unions: new Map(),
    interfaces: new Map(),
    functions: new Map(),
    globals: new Map(),
    constants: new Map(),
    pending: [],
    cNames: new Map(),
    nextId: 1,
    types: {
      u32,
      piece: () => (piece ??= pieceType(checker)),
    },
    place: placeOf,
    commonType: (left, right, node) => commonType(checker, left, right, node),
    implement: (struct, interface_) => {
      const key = `${struct.id} ${interface_.id}`;
      if (implemented.has(key)) return;
      implemented.add(key);
      implement(checker, struct, interface_);
    },
    aliased: (symbol) =>
      (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : source.checker.getAliasedSymbol(symbol),
    staticScope: () => staticScope(new Map()),
    hinted: (scope, node, hint) => hinted(checker, scope, node, hint),
    expression: (scope, node, expected) => {
      const value = hinted(checker, scope, node, expected);
      return expected === undefined ? value : convert(checker, value, expected, node);
    },
    statements: (scope, nodes) => statements(checker, scope, nodes),
    annotation: (node, environment) => annotation(checker, node, environment),
    structInstance: (declaration, arguments_, at) => structInstance(checker, declaration, arguments_, at),
    functionOf: (declaration, environment, self, contextual) =>
      functionOf(checker, declaration, environment, self, contextual),
  };
  return checker;
}

function implement(checker: Checker, struct: StructDefinition, interface_: InterfaceDefinition): void {
  const instance = checker.structOf.get(struct);
  if (instance === undefined) return;
  const methods = new Map<string, ir.Function_>();
  for (const method of interface_.methods) {
    const member = findMember(instance, method.name);
    if (member === undefined) continue;
    const made = methodOf(checker, instance, member);
    if (made.type.key !== method.type.key.replace(/!/g, "")) {
      throw checker.report.refuse(member, "methodDiffers", method.name, interface_.name);
    }
    methods.set(method.name, made);
  }
  checker.program.implementations.push({ struct, interface: interface_, methods });
}

/** The prelude's `Piece`. */
function pieceType(checker: Checker): UnionType {
  const symbol = checker.tsc
    .getSymbolsInScope(checker.source.entry, ts.SymbolFlags.TypeAlias)
    .find((candidate) => candidate.name === "Piece");
  const declaration = symbol?.declarations?.find(ts.isTypeAliasDeclaration);
  const type =
    declaration === undefined
      ? undefined
      : recordType(checker, declaration.type, new Map(), "Piece", declaration);
  if (type?.kind !== "union") throw new Error("the prelude has no `Piece`");
  return type;
}
