/** The call graph's edges: what each call can reach. */
import type * as ir from "../ir/ir.ts";

/** Everything that a call can reach; through a value or an interface that is every function that could be behind it. */
export function callTargets(program: ir.Program): (call: ir.Call) => readonly ir.Function_[] {
  const values = grouped(program.functionValues, (value) => signature(value.type));
  const implementations = grouped(program.implementations, (one) => one.interface);
  return ({ to }) => {
    switch (to.kind) {
      case "function":
        return [to.function];
      case "value":
        return (values.get(signature(to.type)) ?? []).map((value) => value.function);
      case "method":
        return (implementations.get(to.interface) ?? []).flatMap((one) => one.methods.get(to.method) ?? []);
    }
  };
}

const signature = (type: ir.FunctionValue["type"]): string =>
  `${type.parameters.map((parameter) => parameter.key).join(",")}=>${type.result.key}`;

function grouped<K, V>(all: readonly V[], keyOf: (one: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
