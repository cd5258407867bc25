/** `switch`: every value of an enum or a union has a case, or there is a `default`. */
import type * as ir from "../ir/ir.ts";
import ts from "../typescript.ts";
import { show } from "../types/show.ts";
import { constantType, type Type, type UnionDefinition } from "../types/type.ts";
import type { Checker, Scope } from "./context.ts";
import { convert } from "./convert.ts";
import { possibleVariants } from "./unions.ts";

/** A `switch` with its cases in order; empty cases are joined to the next. */
export function checkSwitch(checker: Checker, scope: Scope, node: ts.SwitchStatement): ir.Statement {
  const target: ir.Target = { id: checker.nextId++, kind: "switch" };
  const subject = checker.hinted(scope, node.expression);
  const type = subject.type;
  const kinds: readonly Type["kind"][] = ["integer", "enum", "string"];
  if (!kinds.includes(type.kind) && subject.op !== "tag")
    throw checker.report.refuse(node.expression, "switchSubject", show(type));
  const label = ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined;
  scope.targets.push({ target, label });
  const cases: ir.SwitchCase[] = [];
  const seen = new Set<string>();
  let tests: ir.Expression[] = [];
  let isDefault = false;
  for (const clause of node.caseBlock.clauses) {
    checker.report.attempt(() => {
      if (ts.isDefaultClause(clause)) isDefault = true;
      else tests.push(newCase(checker, seen, caseTest(checker, scope, subject, clause.expression), clause));
    });
    const isLast = clause === node.caseBlock.clauses[node.caseBlock.clauses.length - 1];
    if (clause.statements.length === 0 && !isLast) continue;
    const body = checker.statements(scope, clause.statements);
    cases.push({ tests, isDefault, body, at: checker.place(clause) });
    tests = [];
    isDefault = false;
  }
  scope.targets.pop();
  const hasDefault = cases.some((one) => one.isDefault);
  const missing = hasDefault ? [] : missingCases(checker, node, subject, cases);
  if (missing.length > 0) throw checker.report.refuse(node.expression, "notExhaustive", missing.join(", "));
  const exhaustive = !hasDefault && (type.kind === "enum" || subject.op === "tag");
  return { op: "switch", at: checker.place(node), target, subject, cases, exhaustive };
}

function newCase(
  checker: Checker,
  seen: Set<string>,
  test: ir.Expression,
  clause: ts.CaseClause,
): ir.Expression {
  const literal = test.op === "integer" || test.op === "string" || test.op === "boolean" ? test.value : "";
  const key = `${typeof literal} ${literal}`;
  if (seen.has(key)) {
    throw checker.report.refuse(clause.expression, "duplicateCase", clause.expression.getText());
  }
  seen.add(key);
  return test;
}

/** A case is a constant; a discriminant's literal stands for its variants. */
function caseTest(
  checker: Checker,
  scope: Scope,
  subject: ir.Expression,
  node: ts.Expression,
): ir.Expression {
  const value = checker.hinted(scope, node, subject.type);
  if (subject.op === "tag" && value.op === "string") {
    const variant = subject.union.variants.findIndex((candidate) => candidate.tag === value.value);
    return { op: "integer", type: constantType(BigInt(variant)), value: BigInt(variant) };
  }
  const converted = convert(checker, value, subject.type, node);
  if (converted.op !== "integer" && converted.op !== "string" && converted.op !== "boolean") {
    throw checker.report.refuse(node, "notConstant", node.getText());
  }
  return converted;
}

function missingCases(
  checker: Checker,
  node: ts.SwitchStatement,
  subject: ir.Expression,
  cases: readonly ir.SwitchCase[],
): string[] {
  const tested = new Set(
    cases.flatMap((one) =>
      one.tests.map((test) => (test.op === "integer" || test.op === "boolean" ? String(test.value) : "")),
    ),
  );
  if (subject.op === "tag") return missingVariants(checker, node, subject.union, tested);
  if (subject.type.kind === "enum") {
    const members = [...subject.type.definition.members];
    return members.filter(([, value]) => !tested.has(String(value))).map(([name]) => name);
  }
  return [];
}

function missingVariants(
  checker: Checker,
  node: ts.SwitchStatement,
  union: UnionDefinition,
  tested: ReadonlySet<string>,
): string[] {
  const owner = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : node.expression;
  const isNumbered = union.discriminantType?.kind === "string";
  return possibleVariants(checker, owner, union).flatMap((i) => {
    const tag = union.variants[i]?.tag;
    return tested.has(isNumbered ? String(i) : String(tag)) ? [] : [String(tag)];
  });
}
