/** Asks the C compiler what Xen's public headers (Debian's libxen-dev) say of a struct. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findCCompiler } from "../../compiler/build/cc.ts";
import { runTool } from "../../compiler/build/tool.ts";
import { headerName, type HeaderStruct, type Layout } from "./structs.ts";

/** One struct to look up; `headers` are those that define it, relative to /usr/include/xen. */
export interface Question {
  readonly layout: Layout;
  readonly struct: HeaderStruct;
}

/** A size or an offset, by its place: `StartInfo`, `StartInfo.nrPages offset`. In bytes. */
export type Facts = Readonly<Record<string, number>>;

const directory = path.resolve(import.meta.dirname, "../../build/cache/abi");

/** What our own layouts say. */
export function ownFacts(layouts: readonly Layout[]): Facts {
  return Object.fromEntries(
    layouts.flatMap((layout) => [
      [`${layout.name} size`, layout.size],
      ...layout.fields.flatMap((field): [string, number][] => [
        [`${layout.name}.${field.name} offset`, field.offset],
        [`${layout.name}.${field.name} size`, field.size],
      ]),
    ]),
  );
}

/** What the headers say of the same structs and fields. Rejects with the C compiler's words where they have none such. */
export async function headerFacts(
  questions: readonly Question[],
  headers: readonly string[],
): Promise<Facts> {
  mkdirSync(directory, { recursive: true });
  const source = path.join(directory, "facts.c");
  const program = path.join(directory, "facts");
  writeFileSync(source, questionProgram(questions, headers));
  await runTool({
    program: findCCompiler("clang"),
    args: [
      "-std=gnu11",
      "-D__XEN_INTERFACE_VERSION__=__XEN_LATEST_INTERFACE_VERSION__",
      source,
      "-o",
      program,
    ],
    debianPackage: "clang",
    advice:
      "The headers come with `apt-get install libxen-dev`. Where a field has another name there, give it a tag `@xen name`.",
  });
  const output = await runTool({ program, args: [], debianPackage: "libxen-dev", advice: "" });
  return JSON.parse(output) as Facts;
}

function questionProgram(questions: readonly Question[], headers: readonly string[]): string {
  const facts = questions.flatMap(({ layout, struct }) => {
    const prefix = struct.path === undefined ? "" : `${struct.path}.`;
    const whole = `((${struct.type} *)0)`;
    const base = struct.path === undefined ? "0" : `offsetof(${struct.type}, ${struct.path})`;
    const all = struct.path === undefined ? `sizeof(${struct.type})` : `sizeof(${whole}->${struct.path})`;
    const size = struct.until === undefined ? all : `offsetof(${struct.type}, ${struct.until})`;
    return [
      fact(`${layout.name} size`, size),
      ...layout.fields.flatMap((field) => {
        const name = prefix + headerName(field);
        return [
          fact(`${layout.name}.${field.name} offset`, `offsetof(${struct.type}, ${name}) - ${base}`),
          fact(`${layout.name}.${field.name} size`, `sizeof(${whole}->${name})`),
        ];
      }),
    ];
  });
  return [
    "#include <stddef.h>",
    "#include <stdint.h>",
    "#include <stdio.h>",
    ...headers.map((header) => `#include <xen/${header}>`),
    "int main(void) {",
    '  const char *comma = "{";',
    ...facts,
    '  puts("}");',
    "}",
    "",
  ].join("\n");
}

function fact(key: string, expression: string): string {
  return `  printf("%s\\n\\"${key}\\": %zu", comma, (size_t)(${expression})), comma = ",";`;
}
