/** The arguments of a call: those that are written, and the defaults of those that are not. */
import type * as ir from "../ir/ir.ts";
import { isStable } from "../ir/order.ts";
import ts from "../typescript.ts";
import type { FunctionType } from "../types/type.ts";
import { type Checker, type FunctionLike, type Scope, staticScope } from "./context.ts";
import { makeLocal } from "./declarations.ts";

/** A value that is evaluated before the call, since the call and a default both use it. */
export interface Let {
  readonly local: ir.Local;
  readonly value: ir.Expression;
}

/** What a call passes, in the order of the parameters. */
export interface Arguments {
  readonly values: readonly ir.Expression[];
  readonly lets: readonly Let[];
}

/** `body` with the values in `lets` evaluated before it, in order. */
export function withLets(lets: readonly Let[], body: ir.Expression): ir.Expression {
  return lets.reduceRight<ir.Expression>(
    (inner, { local, value }) => ({ op: "letIn", type: body.type, local, value, body: inner }),
    body,
  );
}

/** The arguments of a call of a function of `type`; `declaration` knows the defaults. */
export function argumentsOf(
  checker: Checker,
  scope: Scope,
  node: ts.Node,
  given: readonly ts.Expression[],
  type: FunctionType,
  declaration?: FunctionLike,
): Arguments {
  const written = given.map((argument, i) => {
    if (ts.isSpreadElement(argument)) {
      throw checker.report.refuse(
        argument,
        "syntaxRefused",
        "spread",
        "Write each argument, or pass a slice.",
      );
    }
    return checker.expression(scope, argument, type.parameters[i]);
  });
  if (written.length >= type.parameters.length) return { values: written, lets: [] };
  return withDefaults(checker, scope, node, written, type, declaration);
}

/** A default may use the parameters before it. */
function withDefaults(
  checker: Checker,
  scope: Scope,
  node: ts.Node,
  written: readonly ir.Expression[],
  type: FunctionType,
  declaration: FunctionLike | undefined,
): Arguments {
  const lets: Let[] = [];
  const values: ir.Expression[] = [];
  const defaults = staticScope(scope.environment);
  const parameters = declaration?.parameters.filter((parameter) => parameter.name.getText() !== "this") ?? [];
  type.parameters.forEach((parameterType, i) => {
    const initialiser = parameters[i]?.initializer;
    let value = written[i];
    if (value === undefined) {
      if (initialiser === undefined) throw checker.report.silent();
      value = checker.expression(defaults, initialiser, parameterType);
    }
    if (!isStable(value)) {
      const local = makeLocal(checker, "argument", parameterType, node, true);
      lets.push({ local, value });
      value = { op: "local", type: parameterType, local };
    }
    const name = parameters[i]?.name;
    const symbol = name === undefined ? undefined : checker.tsc.getSymbolAtLocation(name);
    if (symbol !== undefined) defaults.constants.set(symbol, value);
    values.push(value);
  });
  return { values, lets };
}
