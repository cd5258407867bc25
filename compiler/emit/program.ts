/** The whole program as one C file. */
import type * as ir from "../ir/ir.ts";
import { innerStatements } from "../ir/statements.ts";
import type { TargetName } from "../source/program.ts";
import { ExpressionPrinter } from "./expressions.ts";
import { implementationName, localName, thunkName } from "./parts.ts";
import { disposeName, StatementPrinter } from "./statements.ts";
import { staticText } from "./statics.ts";
import { cIdentifier, CTypes } from "./types.ts";
import { placeText, Writer } from "./writer.ts";

/** The C text of a checked program, whose `probing` functions look at their stack before they use it. */
export function emitProgram(
  program: ir.Program,
  target: TargetName,
  probing: ReadonlySet<ir.Function_>,
): string {
  const types = new CTypes(program.piece);
  const printer = new ExpressionPrinter(types);
  const prototypes = new Writer();
  const data = new Writer();
  const code = new Writer();
  for (const struct of program.structs) types.struct(struct);
  const functions = program.functions.filter((one) => one.external || one.body !== undefined);
  for (const one of functions) prototypes.line(`${signature(types, one)};`);
  for (const dispose of disposals(functions)) {
    const [self] = dispose.parameters;
    if (self === undefined) continue;
    const type = types.name(self.type);
    prototypes.line(
      `static inline void ${disposeName(dispose)}(${type}*self) { if (*self != 0) ${dispose.cName}(*self); }`,
    );
  }
  for (const implementation of program.implementations)
    writeImplementation(types, prototypes, implementation);
  for (const global of program.globals) prototypes.line(`static ${globalHead(types, global)};`);
  for (const global of program.globals) {
    const initial = global.initial === undefined ? "{ 0 }" : staticText(printer, global.initial);
    data.at(global.at);
    data.line(`static ${globalHead(types, global)} = ${initial};`);
  }
  for (const one of functions) writeFunction(printer, code, one, probing.has(one));
  code.at({ file: "xenlet.h", line: 1 });
  writeCheckHandler(code, program, target);
  if (program.entry !== undefined) code.line("int main(void) { return xl_main(); }");
  const print =
    target === "host"
      ? `XL_DEFINE_PRINT(${types.name(program.piece)}, ${types.name({ kind: "template", key: "template" })})\n`
      : "";
  return [
    '#include "xenlet.h"',
    "",
    types.declarations,
    print,
    prototypes.text,
    "",
    data.text,
    "",
    code.text,
    "",
  ].join("\n");
}

function globalHead(types: CTypes, global: ir.Global): string {
  const isStorage = global.type.kind === "struct" || global.type.kind === "array";
  const constant = global.constant && !isStorage ? "const " : "";
  return `${types.storage(global.type)} ${constant}${global.cName}`;
}

function signature(types: CTypes, one: ir.Function_): string {
  const parameters =
    one.parameters.map((local) => `${types.name(local.type)} ${localName(local)}`).join(", ") || "void";
  const [self] = one.parameters;
  const result =
    one.isConstructor && self !== undefined ? types.name(self.type) : types.name(one.type.result);
  const linkage = one.external ? "extern " : one.exported ? "XL_EXPORT " : "static ";
  const never = one.type.result.kind === "never" ? "_Noreturn " : "";
  return `${linkage}${never}${result} ${one.cName}(${parameters})`;
}

function writeFunction(printer: ExpressionPrinter, code: Writer, one: ir.Function_, probes: boolean): void {
  const { body } = one;
  if (body === undefined) return;
  code.at(one.at);
  code.block(signature(printer.types, one), () => {
    if (probes) code.line("XL_PROBE_STACK;");
    new StatementPrinter(code, printer).body(body);
    if (one.isConstructor) code.line("return this;");
    if (one.type.result.kind === "never") code.line("__builtin_unreachable();");
    // TypeScript has proved that nothing gets here; C cannot tell, as behind `assert(false, …)`.
    else if (one.type.result.kind !== "void" && body.at(-1)?.op !== "return")
      code.line(`xl_fail_unreachable(${placeText(one.at)});`);
  });
}

function disposals(functions: readonly ir.Function_[]): Set<ir.Function_> {
  const found = new Set<ir.Function_>();
  const visit = (statements: readonly ir.Statement[]): void => {
    for (const statement of statements) {
      if (statement.op === "let" && statement.dispose !== undefined) found.add(statement.dispose);
      for (const inner of innerStatements(statement)) visit(inner);
    }
  };
  for (const one of functions) visit(one.body ?? []);
  return found;
}

/** C symbols → the names that TypeScript programmers know, for backtraces. */
export function shownNames(program: ir.Program): Record<string, string> {
  const functions = program.functions.map((one) => [one.cName, one.name] as const);
  const thunks = program.implementations.flatMap((implementation) =>
    [...implementation.methods].map(
      ([name, method]) =>
        [thunkName(implementation, name), `${method.name} as ${implementation.interface.name}`] as const,
    ),
  );
  return Object.fromEntries([...functions, ...thunks]);
}

/** The table by which an interface value finds a class's methods. */
function writeImplementation(types: CTypes, writer: Writer, implementation: ir.Implementation): void {
  const { struct, interface: interface_, methods } = implementation;
  const table = implementationName(struct, interface_);
  const entries: string[] = [];
  for (const [name, method] of methods) {
    const thunk = thunkName(implementation, name);
    const own = method.parameters.slice(1);
    const parameters = ["void *this", ...own.map((local) => `${types.name(local.type)} ${localName(local)}`)];
    const call = `${method.cName}(${["this", ...own.map(localName)].join(", ")})`;
    const isValue = method.type.result.kind !== "void" && method.type.result.kind !== "never";
    writer.at(method.at);
    writer.line(
      `static ${types.name(method.type.result)} ${thunk}(${parameters.join(", ")}) { ${isValue ? "return " : ""}${call}; }`,
    );
    entries.push(`.${cIdentifier(name)} = ${thunk}`);
  }
  const type = types.interface(interface_);
  writer.line(`static const ${type}_methods ${table} = { ${entries.join(", ")} };`);
}

/** Where a failed check ends: in the program's own handler, if it has one. */
function writeCheckHandler(code: Writer, program: ir.Program, target: TargetName): void {
  const handler = program.checkHandler;
  if (handler !== undefined) {
    code.line(`XL_DEFINE_CHECK_HANDLER(${handler.cName})`);
    return;
  }
  code.line(target === "host" ? "XL_DEFINE_HOST_CHECK_HANDLER" : "XL_DEFINE_TRAPPING_CHECK_HANDLER");
}
