/** Statements. A refusal ends one statement; the next is checked all the same. */
import type * as ir from "../ir/ir.ts";
import ts from "../typescript.ts";
import { show } from "../types/show.ts";
import { booleanType, isNullable, sliceType, type Type, u64, valueOf } from "../types/type.ts";
import type { Checker, Scope } from "./context.ts";
import { convert, settled } from "./convert.ts";
import { makeLocal } from "./declarations.ts";
import { constantNode } from "./nodes.ts";
import { arithmeticNode, compoundAssignments, isAssignment } from "./operators.ts";
import { findMember, methodOf } from "./structs.ts";
import { checkSwitch } from "./switches.ts";

/** A list of statements, in the scope of one function. */
export function statements(checker: Checker, scope: Scope, nodes: readonly ts.Statement[]): ir.Statement[] {
  return nodes.flatMap((node) => checker.report.attempt(() => statement(checker, scope, node)) ?? []);
}

function statement(checker: Checker, scope: Scope, node: ts.Statement): ir.Statement[] {
  const at = checker.place(node);
  if (ts.isVariableStatement(node)) return variables(checker, scope, node.declarationList);
  if (ts.isExpressionStatement(node)) return expressionStatement(checker, scope, node.expression);
  if (ts.isIfStatement(node)) return [ifStatement(checker, scope, node)];
  if (ts.isReturnStatement(node)) return [returnStatement(checker, scope, node)];
  if (ts.isBlock(node))
    return [{ op: "block", at, body: statements(checker, scope, node.statements), target: undefined }];
  if (ts.isForStatement(node)) return [forLoop(checker, scope, node)];
  if (ts.isForOfStatement(node)) return [forOf(checker, scope, node)];
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return [whileLoop(checker, scope, node)];
  if (ts.isSwitchStatement(node)) return [checkSwitch(checker, scope, node)];
  if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) return [jump(checker, scope, node)];
  if (ts.isLabeledStatement(node)) return labelled(checker, scope, node);
  if (ts.isEmptyStatement(node)) return [];
  throw checker.report.refuse(
    node,
    "syntaxRefused",
    `this statement`,
    "Write it with the statements of the subset.",
  );
}

function variables(checker: Checker, scope: Scope, list: ts.VariableDeclarationList): ir.Statement[] {
  return list.declarations.flatMap((declaration) => {
    const made = checker.report.attempt(() => variable(checker, scope, declaration));
    return made ?? [];
  });
}

const blockKind = (node: ts.Node): ts.NodeFlags => node.flags & ts.NodeFlags.BlockScoped;
const isUsing = (node: ts.Node): boolean => blockKind(node) === ts.NodeFlags.Using;

function variable(checker: Checker, scope: Scope, node: ts.VariableDeclaration): ir.Statement[] {
  const symbol = checker.tsc.getSymbolAtLocation(node.name);
  if (!ts.isIdentifier(node.name) || symbol === undefined) {
    throw checker.report.refuse(node, "syntaxRefused", "destructuring", "Name each variable on its own.");
  }
  const isConst = blockKind(node.parent) === ts.NodeFlags.Const || isUsing(node.parent);
  if (blockKind(node.parent) === ts.NodeFlags.None) {
    throw checker.report.refuse(node.parent, "syntaxRefused", "`var`", "Write `let` or `const`.");
  }
  const annotated =
    node.type === undefined ? undefined : valueOf(checker.annotation(node.type, scope.environment));
  if (node.initializer === undefined) {
    if (annotated === undefined) throw checker.report.refuse(node, "annotationMissing", "a variable");
    const local = declare(checker, scope, symbol, node, annotated, false);
    return [{ op: "let", at: local.at, local, value: undefined, dispose: undefined }];
  }
  const hinted = checker.hinted(scope, node.initializer, annotated);
  if (isConst && annotated === undefined && hinted.op === "integer" && hinted.type.kind === "constant") {
    scope.constants.set(symbol, hinted);
    return [];
  }
  const value =
    annotated === undefined
      ? settled(checker, hinted, node.initializer)
      : convert(checker, hinted, annotated, node.initializer);
  if (value.type.kind === "void") throw checker.report.refuse(node, "voidValue", node.name.text);
  const local = declare(checker, scope, symbol, node, annotated ?? value.type, isConst);
  if (value.type.kind === "union" && value.type.definition.isResult) scope.owed.push(local);
  const dispose = isUsing(node.parent) ? disposer(checker, scope, local, node) : undefined;
  return [{ op: "let", at: local.at, local, value, dispose }];
}

function declare(
  checker: Checker,
  scope: Scope,
  symbol: ts.Symbol,
  node: ts.VariableDeclaration,
  type: Type,
  constant: boolean,
): ir.Local {
  const local = makeLocal(checker, node.name.getText(), type, node, constant);
  scope.locals.set(symbol, local);
  return local;
}

function disposer(checker: Checker, scope: Scope, local: ir.Local, node: ts.Node): ir.Function_ {
  const type = local.type;
  const struct =
    type.kind === "reference" && type.target.kind === "struct" ? type.target.definition : undefined;
  const instance = struct === undefined ? undefined : checker.structOf.get(struct);
  const member = instance === undefined ? undefined : findMember(instance, "[Symbol.dispose]");
  if (instance === undefined || member === undefined) {
    throw checker.report.refuse(node, "notDisposable", show(type));
  }
  const method = methodOf(checker, instance, member);
  scope.function?.calls.push({ at: checker.place(node), to: { kind: "function", function: method } });
  return method;
}

function expressionStatement(checker: Checker, scope: Scope, node: ts.Expression): ir.Statement[] {
  const at = checker.place(node);
  if (ts.isParenthesizedExpression(node)) return expressionStatement(checker, scope, node.expression);
  if (ts.isBinaryExpression(node)) {
    const operator = compoundAssignments.get(node.operatorToken.kind);
    if (operator !== undefined) return [update(checker, scope, node, node.left, operator, node.right)];
    if (node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return [assignment(checker, scope, node)];
    if (isAssignment(node.operatorToken.kind)) {
      throw checker.report.refuse(
        node.operatorToken,
        "operatorRefused",
        node.operatorToken.getText(),
        "Write the assignment out.",
      );
    }
  }
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
    const isStep =
      node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    if (isStep) {
      const operator = node.operator === ts.SyntaxKind.PlusPlusToken ? "+" : "-";
      return [update(checker, scope, node, node.operand, operator, undefined)];
    }
  }
  const value = checker.hinted(scope, node);
  const isEffect = ["call", "callValue", "callMethod", "intrinsic", "letIn", "conditional", "new"].includes(
    value.op,
  );
  if (!isEffect) throw checker.report.refuse(node, "noEffect", node.getText());
  if (value.type.kind === "union" && value.type.definition.isResult) {
    throw checker.report.refuse(node, "resultDropped", node.getText());
  }
  return [{ op: "expression", at, value }];
}

/** A place that can be written: a variable, a field, an element. */
function assignable(checker: Checker, scope: Scope, node: ts.Expression): ir.Expression {
  const symbol = checker.tsc.getSymbolAtLocation(node);
  if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Method) !== 0) {
    throw checker.report.refuse(node, "notAssignable", node.getText());
  }
  const raw = checker.hinted(scope, node);
  // TypeScript narrows the target too; what is stored may be anything the declaration allows.
  const target = raw.op === "nonnull" ? raw.operand : raw;
  switch (target.op) {
    case "local":
      target.local.reads--;
      return target;
    case "global":
      if (target.global.constant) break;
      return target;
    case "field":
    case "element":
      if (target.embedded) throw checker.report.refuse(node, "embeddedAssigned", node.getText());
      return target;
  }
  throw checker.report.refuse(node, "notAssignable", node.getText());
}

function assignment(checker: Checker, scope: Scope, node: ts.BinaryExpression): ir.Statement {
  const target = assignable(checker, scope, node.left);
  const value = checker.expression(scope, node.right, target.type);
  return { op: "assign", at: checker.place(node), target, value };
}

function update(
  checker: Checker,
  scope: Scope,
  node: ts.Expression,
  targetNode: ts.Expression,
  operator: ir.Arithmetic,
  valueNode: ts.Expression | undefined,
): ir.Statement {
  const target = assignable(checker, scope, targetNode);
  const right = valueNode === undefined ? constantNode(1n) : checker.hinted(scope, valueNode, target.type);
  const whole = arithmeticNode(checker, operator, target, right, node, target.type);
  const value = convert(checker, whole, target.type, node);
  if (value.op !== "binary") return { op: "assign", at: checker.place(node), target, value };
  return { op: "update", at: checker.place(node), target, operator, value: value.right, check: value.check };
}

function ifStatement(checker: Checker, scope: Scope, node: ts.IfStatement): ir.Statement {
  const condition = checker.expression(scope, node.expression, booleanType);
  const otherwise = node.elseStatement;
  return {
    op: "if",
    at: checker.place(node),
    condition,
    then: bodyOf(checker, scope, node.thenStatement),
    otherwise: otherwise === undefined ? undefined : bodyOf(checker, scope, otherwise),
  };
}

function bodyOf(checker: Checker, scope: Scope, node: ts.Statement): ir.Statement[] {
  return statements(checker, scope, ts.isBlock(node) ? node.statements : [node]);
}

function returnStatement(checker: Checker, scope: Scope, node: ts.ReturnStatement): ir.Statement {
  const at = checker.place(node);
  if (node.expression === undefined) return { op: "return", at, value: undefined };
  if (scope.result.kind === "void") {
    const value = checker.hinted(scope, node.expression);
    return { op: "return", at, value };
  }
  return { op: "return", at, value: checker.expression(scope, node.expression, scope.result) };
}

function inTarget<T>(scope: Scope, target: ir.Target, node: ts.Node, check: () => T): T {
  const label = ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined;
  scope.targets.push({ target, label });
  try {
    return check();
  } finally {
    scope.targets.pop();
  }
}

function newTarget(checker: Checker, kind: ir.Target["kind"]): ir.Target {
  return { id: checker.nextId++, kind };
}

function forLoop(checker: Checker, scope: Scope, node: ts.ForStatement): ir.Statement {
  const target = newTarget(checker, "loop");
  return inTarget(scope, target, node, () => {
    const initial =
      node.initializer === undefined
        ? []
        : ts.isVariableDeclarationList(node.initializer)
          ? counters(checker, scope, node.initializer, node.condition)
          : expressionStatement(checker, scope, node.initializer);
    const condition =
      node.condition === undefined ? undefined : checker.expression(scope, node.condition, booleanType);
    const step = node.incrementor === undefined ? [] : expressionStatement(checker, scope, node.incrementor);
    const body = bodyOf(checker, scope, node.statement);
    return {
      op: "loop",
      at: checker.place(node),
      target,
      initial,
      condition,
      update: step,
      body,
      bodyFirst: false,
    };
  });
}

/** `for (let i = 0; i < bound; …)`: the counter takes the type of its bound. */
function counters(
  checker: Checker,
  scope: Scope,
  list: ts.VariableDeclarationList,
  condition: ts.Expression | undefined,
): ir.Statement[] {
  return list.declarations.flatMap((declaration) => {
    const start = declaration.initializer;
    const symbol = checker.tsc.getSymbolAtLocation(declaration.name);
    const isPlain = declaration.type === undefined && start !== undefined && symbol !== undefined;
    if (isPlain && condition !== undefined && ts.isBinaryExpression(condition)) {
      const first = checker.hinted(scope, start);
      const isCounter =
        ts.isIdentifier(condition.left) && checker.tsc.getSymbolAtLocation(condition.left) === symbol;
      if (first.type.kind === "constant" && isCounter) {
        const bound = checker.hinted(scope, condition.right);
        const type = bound.type.kind === "constant" ? u64 : bound.type;
        const value = convert(checker, first, type, start);
        const local = declare(checker, scope, symbol, declaration, type, false);
        return [{ op: "let", at: local.at, local, value, dispose: undefined }];
      }
    }
    return variable(checker, scope, declaration);
  });
}

function whileLoop(checker: Checker, scope: Scope, node: ts.WhileStatement | ts.DoStatement): ir.Statement {
  const target = newTarget(checker, "loop");
  return inTarget(scope, target, node, () => ({
    op: "loop",
    at: checker.place(node),
    target,
    initial: [],
    condition: checker.expression(scope, node.expression, booleanType),
    update: [],
    body: bodyOf(checker, scope, node.statement),
    bodyFirst: ts.isDoStatement(node),
  }));
}

function forOf(checker: Checker, scope: Scope, node: ts.ForOfStatement): ir.Statement {
  const target = newTarget(checker, "loop");
  const { source, isEntries } = sequenceOf(node.expression);
  const raw = checker.hinted(scope, source);
  const element =
    raw.type.kind === "slice"
      ? raw.type.element
      : raw.type.kind === "reference" && raw.type.target.kind === "array"
        ? raw.type.target.element
        : undefined;
  if (element === undefined || isNullable(raw.type))
    throw checker.report.refuse(node.expression, "notIterable", show(raw.type));
  const sequence = convert(checker, raw, sliceType(element), node.expression);
  return inTarget(scope, target, node, () => {
    const names = loopNames(checker, node, isEntries);
    const index = names.index === undefined ? undefined : declareName(checker, scope, names.index, u64);
    const item = declareName(checker, scope, names.element, valueOf(element));
    const embedded = element.kind === "struct" || element.kind === "array";
    const body = bodyOf(checker, scope, node.statement);
    return { op: "forOf", at: checker.place(node), target, sequence, index, element: item, embedded, body };
  });
}

function sequenceOf(node: ts.Expression): { readonly source: ts.Expression; readonly isEntries: boolean } {
  const isEntries =
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "entries";
  return isEntries && ts.isPropertyAccessExpression(node.expression)
    ? { source: node.expression.expression, isEntries: true }
    : { source: node, isEntries: false };
}

function loopNames(
  checker: Checker,
  node: ts.ForOfStatement,
  isEntries: boolean,
): { readonly index: ts.Identifier | undefined; readonly element: ts.Identifier } {
  const name = ts.isVariableDeclarationList(node.initializer)
    ? node.initializer.declarations[0]?.name
    : undefined;
  if (name !== undefined && !isEntries && ts.isIdentifier(name)) return { index: undefined, element: name };
  if (name !== undefined && isEntries && ts.isArrayBindingPattern(name)) {
    const [index, element] = name.elements.map((part) => (ts.isBindingElement(part) ? part.name : undefined));
    if (index !== undefined && element !== undefined && ts.isIdentifier(index) && ts.isIdentifier(element)) {
      return { index, element };
    }
  }
  throw checker.report.refuse(node.initializer, "loopNames");
}

function declareName(checker: Checker, scope: Scope, name: ts.Identifier, type: Type): ir.Local {
  const symbol = checker.tsc.getSymbolAtLocation(name);
  if (symbol === undefined) throw checker.report.silent();
  const local = makeLocal(checker, name.text, type, name, true);
  scope.locals.set(symbol, local);
  return local;
}

function jump(checker: Checker, scope: Scope, node: ts.BreakStatement | ts.ContinueStatement): ir.Statement {
  const op = ts.isBreakStatement(node) ? "break" : "continue";
  const label = node.label?.text;
  const found = [...scope.targets].reverse().find((candidate) => {
    if (label !== undefined) return candidate.label === label;
    return candidate.target.kind === "loop" || (op === "break" && candidate.target.kind === "switch");
  });
  if (found === undefined) throw checker.report.silent();
  return { op, at: checker.place(node), target: found.target };
}

function labelled(checker: Checker, scope: Scope, node: ts.LabeledStatement): ir.Statement[] {
  if (!ts.isBlock(node.statement)) return statement(checker, scope, node.statement);
  const target = newTarget(checker, "block");
  const block = node.statement;
  return inTarget(scope, target, block, () => [
    { op: "block", at: checker.place(node), body: statements(checker, scope, block.statements), target },
  ]);
}
