/**
 * Contexts: what runs in an upcall or a trap handler may not block or allocate. The proof is a walk over the call graph
 * from every interrupt entry; a call through a value or an interface reaches every function that it could be.
 */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type * as ir from "../ir/ir.ts";
import { callTargets } from "./call-targets.ts";

interface Step {
  readonly function: ir.Function_;
  /** The call that led here; none for an entry. */
  readonly call: ir.Call | undefined;
  readonly from: Step | undefined;
}

const forbidden: ReadonlyMap<ir.Effect, string> = new Map([
  ["blocks", "blocks"],
  ["allocates", "allocates"],
]);

/** One diagnostic for each function that an interrupt context reaches and must not; `related` holds the chain. */
export function checkContexts(program: ir.Program): Diagnostic[] {
  const found: Diagnostic[] = [];
  const visited = new Set<ir.Function_>();
  const queue: Step[] = entries(program).map((entry) => ({
    function: entry,
    call: undefined,
    from: undefined,
  }));
  const targets = callTargets(program);
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    if (visited.has(step.function)) continue;
    visited.add(step.function);
    const effect = [...step.function.effects].find((candidate) => forbidden.has(candidate));
    if (effect !== undefined) {
      found.push(refusal(step, forbidden.get(effect) ?? ""));
      continue;
    }
    for (const call of step.function.calls) {
      for (const callee of targets(call)) queue.push({ function: callee, call, from: step });
    }
  }
  return found;
}

/** Functions tagged `@interrupt`, those that became a value of a type with that tag, and the methods behind such ones. */
function entries(program: ir.Program): ir.Function_[] {
  const tagged = program.functions.filter((one) => one.effects.has("interrupt"));
  const values = program.functionValues
    .filter((value) => value.type.interrupt)
    .map((value) => value.function);
  const methods = program.implementations.flatMap((implementation) =>
    implementation.interface.methods
      .filter((method) => method.type.interrupt)
      .flatMap((method) => implementation.methods.get(method.name) ?? []),
  );
  return [...tagged, ...values, ...methods];
}

/** The whole chain, from the entry to the function that may not be called. */
function refusal(step: Step, does: string): Diagnostic {
  const chain: Step[] = [];
  for (let at: Step | undefined = step; at !== undefined; at = at.from) chain.unshift(at);
  const [entry] = chain;
  const first = chain[1]?.call?.at ?? step.function.at;
  const related = chain.map(({ function: one, call }) => ({
    span: call?.at ?? one.at,
    message: call === undefined ? `\`${one.name}\` runs in an interrupt context` : `calls \`${one.name}\``,
  }));
  return diagnostic("contextBlocks", first, [step.function.name, does, entry?.function.name ?? ""], related);
}
