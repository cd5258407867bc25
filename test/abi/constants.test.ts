/** Enums of kernel/xen-abi with a tag `@xenConstants PREFIX_ header.h` have the values of Xen's own public headers. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { findCCompiler } from "../../compiler/build/cc.ts";
import { runTool } from "../../compiler/build/tool.ts";
import ts from "../../compiler/typescript.ts";
import { sourceFiles } from "../../tools/check-deps.ts";
import { projectRoot } from "../../tools/rig/paths.ts";

/** A member as the kernel has it, and the macro that a header has for it. */
interface Constant {
  readonly member: string;
  readonly macro: string;
  readonly header: string;
  readonly value: number;
}

/** `GNTTABOP_` and `MapGrantRef` are `GNTTABOP_map_grant_ref`. */
function macroOf(prefix: string, member: string): string {
  return prefix + member.replace(/[A-Z]/g, (letter, at) => (at > 0 ? "_" : "") + letter.toLowerCase());
}

/** The members of every tagged enum in the files. */
function constantsOf(files: readonly string[]): Constant[] {
  const program = ts.createProgram({ rootNames: files, options: { noLib: true, types: [] } });
  const checker = program.getTypeChecker();
  return files.flatMap((file) =>
    (program.getSourceFile(file)?.statements.filter(ts.isEnumDeclaration) ?? []).flatMap((declaration) => {
      const tag = ts.getJSDocTags(declaration).find(({ tagName }) => tagName.text === "xenConstants");
      const [, prefix, header] =
        /^(\w+) ([\w.]+\.h)$/.exec(ts.getTextOfJSDocComment(tag?.comment) ?? "") ?? [];
      if (prefix === undefined || header === undefined) return [];
      return declaration.members.map((member): Constant => {
        const name = member.name.getText();
        const value = checker.getConstantValue(member);
        if (typeof value !== "number") throw new Error(`${declaration.name.text}.${name} has no number`);
        return {
          member: `${declaration.name.text}.${name}`,
          macro: macroOf(prefix, name),
          header,
          value,
        };
      });
    }),
  );
}

async function headerValues(constants: readonly Constant[]): Promise<unknown> {
  const directory = path.resolve(projectRoot, "build/cache/abi");
  mkdirSync(directory, { recursive: true });
  const source = path.join(directory, "constants.c");
  const program = path.join(directory, "constants");
  const headers = new Set(["xen.h", ...constants.map(({ header }) => header)]);
  const lines = [
    "#include <stdint.h>",
    "#include <stdio.h>",
    ...[...headers].map((header) => `#include <xen/${header}>`),
    "int main(void) {",
    ...constants.map(
      ({ member, macro }, at) =>
        `  printf("%s\\"${member}\\": %lld\\n", ${at === 0 ? '"{"' : '", "'}, (long long)(int32_t)${macro});`,
    ),
    '  puts("}");',
    "}",
    "",
  ];
  writeFileSync(source, lines.join("\n"));
  const args = [
    "-std=gnu11",
    "-D__XEN_INTERFACE_VERSION__=__XEN_LATEST_INTERFACE_VERSION__",
    source,
    "-o",
    program,
  ];
  await runTool({ program: findCCompiler("clang"), args, debianPackage: "clang", advice: "" });
  return JSON.parse(await runTool({ program, args: [], debianPackage: "libxen-dev", advice: "" }));
}

test("constants are those of Xen's public headers", async (t) => {
  const files = sourceFiles("kernel/xen-abi").map((file) => path.join(projectRoot, file));
  const constants = constantsOf(files);
  t.true(constants.length > 20, `only ${constants.length} constants are compared`);
  const own = Object.fromEntries(constants.map(({ member, value }) => [member, value]));
  t.deepEqual(own, await headerValues(constants));
});
