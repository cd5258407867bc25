/** What stands at the top of a file, and its way into the program. */
import ts from "../typescript.ts";
import { type Checker, uniqueName } from "./context.ts";
import { enumDefinition, exportedSymbol, interfaceDefinition } from "./declarations.ts";
import { moduleVariable } from "./statics.ts";

/** Keeps the C symbols that are not ours to choose, of assembly and of exported functions, from being made up. */
export function reserveSymbols(checker: Checker, file: ts.SourceFile): void {
  for (const node of file.statements) {
    if (!ts.isFunctionDeclaration(node)) continue;
    const symbol = node.body === undefined ? node.name?.text : exportedSymbol(checker, node);
    if (symbol !== undefined) uniqueName(checker, symbol);
  }
}

/** Checks every declaration of a file; those with type parameters wait for their first use. */
export function checkModule(checker: Checker, file: ts.SourceFile): void {
  for (const statement of file.statements) {
    checker.report.attempt(() => {
      topLevel(checker, statement);
    });
  }
}

function topLevel(checker: Checker, node: ts.Statement): void {
  const isDefault =
    ts.canHaveModifiers(node) && node.modifiers?.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword);
  if (isDefault === true || ts.isExportAssignment(node)) {
    throw checker.report.refuse(node, "syntaxRefused", "a default export", "Export by name.");
  }
  if (ts.isImportDeclaration(node)) {
    if (node.importClause?.name !== undefined) {
      throw checker.report.refuse(node, "syntaxRefused", "a default import", "Import by name.");
    }
    return;
  }
  if (ts.isExportDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
  if (ts.isInterfaceDeclaration(node)) {
    if (node.typeParameters === undefined) interfaceDefinition(checker, node, [], new Map());
    return;
  }
  if (ts.isEnumDeclaration(node)) {
    enumDefinition(checker, node);
    return;
  }
  if (ts.isClassDeclaration(node)) {
    if (node.typeParameters === undefined) checker.structInstance(node, [], node);
    return;
  }
  if (ts.isFunctionDeclaration(node)) {
    topLevelFunction(checker, node);
    return;
  }
  if (ts.isVariableStatement(node)) {
    const isBlockScoped = (node.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
    if (!isBlockScoped)
      throw checker.report.refuse(node, "syntaxRefused", "`var`", "Write `let` or `const`.");
    for (const declaration of node.declarationList.declarations) {
      checker.report.attempt(() => moduleVariable(checker, declaration));
    }
    return;
  }
  if (ts.isModuleDeclaration(node)) {
    throw checker.report.refuse(node, "syntaxRefused", "a namespace", "Use a file of its own.");
  }
  if (ts.isEmptyStatement(node)) return;
  throw checker.report.refuse(node, "moduleCode");
}

function topLevelFunction(checker: Checker, node: ts.FunctionDeclaration): void {
  if (node.asteriskToken !== undefined) {
    throw checker.report.refuse(
      node,
      "syntaxRefused",
      "a generator",
      "Write a loop, or a struct with a `next` method.",
    );
  }
  if (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true) {
    throw checker.report.refuse(
      node,
      "syntaxRefused",
      "an async function",
      "Write the states of the work as a struct.",
    );
  }
  if (node.body === undefined && !importsUnsafe(node.getSourceFile())) {
    throw checker.report.refuse(node, "externalNeedsUnsafe", node.name?.text ?? "");
  }
  if (node.typeParameters === undefined) checker.functionOf(node, new Map(), undefined);
}

/** Only a file that imports the unsafe module may name symbols of assembly. */
function importsUnsafe(file: ts.SourceFile): boolean {
  return file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === "xenlet:unsafe",
  );
}
