/** What each pass made, as text. */
import type * as ir from "./ir/ir.ts";
import { shownPath } from "./source/program.ts";
import ts from "./typescript.ts";
import { show } from "./types/show.ts";

/** TypeScript's syntax tree, a node a line. */
export function dumpAst(files: readonly ts.SourceFile[]): string {
  const lines: string[] = [];
  const visit = (node: ts.Node, depth: number): void => {
    const text = ts.isIdentifier(node) || ts.isLiteralExpression(node) ? ` ${node.getText()}` : "";
    lines.push(`${"  ".repeat(depth)}${ts.SyntaxKind[node.kind]}${text}`);
    ts.forEachChild(node, (child) => {
      visit(child, depth + 1);
    });
  };
  for (const file of files) visit(file, 0);
  return lines.join("\n") + "\n";
}

/** Every struct with its layout, as JSON; sizes and offsets in bytes. */
export function dumpLayouts(program: ir.Program): string {
  const layouts = program.structs.map((struct) => ({
    name: struct.name,
    file: shownPath(struct.file),
    docTags: struct.documentTags,
    union: struct.isUnion,
    size: struct.size,
    align: struct.align,
    fields: struct.fields.map((field) => ({
      name: field.name,
      type: show(field.type),
      offset: field.offset,
      size: field.size,
      docTags: field.documentTags,
    })),
  }));
  return JSON.stringify(layouts, undefined, 2) + "\n";
}

/** The call graph, a function with its effects and callees a paragraph. */
export function dumpCalls(program: ir.Program): string {
  const callee = (call: ir.Call): string => {
    switch (call.to.kind) {
      case "function":
        return call.to.function.name;
      case "value":
        return `a value of type ${show(call.to.type)}`;
      case "method":
        return `${call.to.interface.name}.${call.to.method}`;
    }
  };
  return program.functions
    .map((one) => {
      const effects = one.effects.size === 0 ? "" : ` [${[...one.effects].join(", ")}]`;
      const calls = one.calls.map((call) => `  ${callee(call)} (${shownPath(call.at.file)}:${call.at.line})`);
      return [`${one.name}${effects}`, ...calls].join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

/** The IR as JSON; types as they are written, functions and globals by name. */
export function dumpIr(program: ir.Program): string {
  const replace = (key: string, value: unknown): unknown => {
    if (typeof value === "bigint") return value.toString();
    if (key === "at" && isPlace(value)) return `${shownPath(value.file)}:${value.line}`;
    if (isType(value)) return value.key;
    if (
      key === "function" ||
      key === "global" ||
      key === "struct" ||
      key === "union" ||
      key === "interface"
    ) {
      return nameOf(value);
    }
    return value;
  };
  const functions = program.functions.map((one) => ({
    name: one.name,
    parameters: one.parameters.map((local) => `${local.name}: ${show(local.type)}`),
    body: one.body,
  }));
  return JSON.stringify(functions, replace, 1) + "\n";
}

function isPlace(value: unknown): value is ir.Place {
  return typeof value === "object" && value !== null && "file" in value && "line" in value;
}
function isType(value: unknown): value is { readonly key: string } {
  return typeof value === "object" && value !== null && "kind" in value && "key" in value;
}
function nameOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "name" in value ? value.name : value;
}
