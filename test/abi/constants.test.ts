/** Enums of kernel/xen-abi with a tag `@xenConstants PREFIX header.h` have the values of Xen's own public headers. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "ava";
import { findCCompiler } from "../../compiler/build/cc.ts";
import { runTool } from "../../compiler/build/tool.ts";
import ts from "../../compiler/typescript.ts";
import { sourceFiles } from "../../tools/check-deps.ts";
import { projectRoot } from "../../tools/rig/paths.ts";

/** A member as the kernel has it, and the macro or enumerator that a header has for it. */
interface Constant {
  readonly member: string;
  readonly headerName: string;
  readonly header: string;
  readonly value: number;
}

/** How headers spell `MapGrantRef`: `GNTTABOP_map_grant_ref`, `BLKIF_OP_WRITE_BARRIER`, `XenbusStateInitWait`. */
function headerNameOf(prefix: string, member: string, header: string): string {
  const words = member.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`);
  const spellings = [words.toLowerCase(), words.toUpperCase(), member].map((name) => prefix + name);
  const text = readFileSync(path.join("/usr/include/xen", header), "utf8");
  const found = spellings.find((name) => new RegExp(`\\b${name}\\b`).test(text));
  if (found === undefined) throw new Error(`${header} has none of ${spellings.join(", ")}`);
  return found;
}

/** The members of every tagged enum in the files. */
function constantsOf(files: readonly string[]): Constant[] {
  const program = ts.createProgram({ rootNames: files, options: { noLib: true, types: [] } });
  const checker = program.getTypeChecker();
  return files.flatMap((file) =>
    (program.getSourceFile(file)?.statements.filter(ts.isEnumDeclaration) ?? []).flatMap((declaration) => {
      const tag = ts.getJSDocTags(declaration).find(({ tagName }) => tagName.text === "xenConstants");
      if (tag === undefined) return [];
      const comment = ts.getTextOfJSDocComment(tag.comment) ?? "";
      const [, prefix, header] = /^(\w+) ([\w./]+\.h)$/.exec(comment) ?? [];
      if (prefix === undefined || header === undefined)
        throw new Error(`${declaration.name.text}: expected a prefix and a header, got "${comment}"`);
      return declaration.members.map((member): Constant => {
        const name = member.name.getText();
        const value = checker.getConstantValue(member);
        if (typeof value !== "number") throw new Error(`${declaration.name.text}.${name} has no number`);
        return {
          member: `${declaration.name.text}.${name}`,
          headerName: headerNameOf(prefix, name, header),
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
      ({ member, headerName }, at) =>
        `  printf("%s\\"${member}\\": %lld\\n", ${at === 0 ? '"{"' : '", "'}, (long long)(int32_t)${headerName});`,
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
