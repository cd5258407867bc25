/** The kernel's look-up in the line table, against the build's own, and on tables that lie. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import test from "ava";

import { readLineTable, type LineFrame, type LineRange } from "../../compiler/build/line-table.ts";
import { encodeLineTable } from "../../compiler/build/line-table-writer.ts";
import { projectRoot } from "../../tools/rig/paths.ts";
import { compileToC, configurations, runC } from "../compiler/run.ts";

const textBase = 0xffffffff80000000n;

/** Functions, some of them inlined into others, with gaps between: 300 ranges that follow from their numbers alone. */
function manyRanges(): LineRange[] {
  const frame = (index: number): LineFrame => ({
    function: `Struct${index % 7}.method${index % 41}`,
    file: `kernel/lib/file${index % 5}.ts`,
    line: (index * 37) % 500,
  });
  return Array.from({ length: 300 }, (_, index) => ({
    start: textBase + BigInt(index * 16 + (index % 3)),
    chain:
      index % 9 === 4 ? [] : Array.from({ length: 1 + (index % 4) }, (_, depth) => frame(index + depth * 11)),
  }));
}

/** Compiles and runs a program that has `table` as its bytes. */
async function runWith(name: string, table: Buffer, body: string): Promise<string[]> {
  const directory = join(projectRoot, "build/test-unit");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${name}.ts`);
  writeFileSync(
    file,
    `import { print } from "xenlet:host";
import { LineTable } from "${relative(directory, join(projectRoot, "kernel/lib/line-table.ts"))}";
const bytes: FixedArray<u8, ${table.length}> = [${table.join(",")}];
${body}`,
  );
  try {
    const c = compileToC(file);
    const outputs = await Promise.all(
      configurations.map(async (configuration) => {
        const { status, stdout, stderr } = await runC(c, configuration);
        if (status !== 0) throw new Error(`${configuration.name}: status ${status}\n${stdout}${stderr}`);
        return stdout;
      }),
    );
    if (new Set(outputs).size !== 1)
      throw new Error(`the configurations differ:\n${outputs.join("\n---\n")}`);
    return (outputs[0] ?? "").trimEnd().split("\n");
  } finally {
    rmSync(file);
  }
}

test("the kernel finds at each address what the build's own reader finds", async (t) => {
  const table = encodeLineTable(textBase, manyRanges());
  const reader = readLineTable(table);
  const count = 4900; // a few beyond the last range
  const expected: string[] = ["true"];
  for (let offset = 0; offset < count; offset += 3) {
    const chain = reader.lookup(textBase + BigInt(offset));
    const shown = chain.map((frame) => `${frame.function} ${frame.file}:${frame.line}`);
    expected.push(`${offset}`, ...shown);
  }
  const output = await runWith(
    "line-table-lookup",
    table,
    `export function main(): i32 {
  const lines = new LineTable(bytes);
  print(\`\${lines.open()}\`);
  for (let offset: u64 = 0; offset < ${count}; offset += 3) {
    print(\`\${offset}\`);
    const depth = lines.find(0xffffffff80000000 + offset);
    for (let level: usize = 0; level < depth; level++) {
      const found = lines.frame(level);
      if (!found.ok) return 1;
      print(\`\${text(found.value.name)} \${text(found.value.file)}:\${found.value.line}\`);
    }
  }
  return 0;
}
`,
  );
  t.deepEqual(output, expected);
});

test("a table that lies is unknown or wrong, but never stops the report", async (t) => {
  const table = encodeLineTable(textBase, manyRanges().slice(0, 40));
  const output = await runWith(
    "line-table-lies",
    table,
    `const copy_ = new FixedArray<u8, ${table.length}>();
let random: u32 = 1;
function next(limit: u32): u32 {
  random = random * 1664525 + 1013904223;
  return (random >> 8) % limit;
}
export function main(): i32 {
  let opened: u32 = 0;
  let refused: u32 = 0;
  for (let round: u32 = 0; round < 20000; round++) {
    copy_.copyFrom(bytes);
    const changes = 1 + next(4);
    for (let change: u32 = 0; change < changes; change++) {
      copy_[next(round % 2 === 0 ? 40 : ${table.length})] = next(256) as u8;
    }
    const length: usize = next(10) === 0 ? next(${table.length}) : ${table.length};
    const lines = new LineTable(copy_.slice(0, length));
    if (!lines.open()) continue;
    opened++;
    const offset: u64 = next(700);
    const depth = lines.find(0xffffffff80000000 + offset);
    for (let level: usize = 0; level < depth; level++) {
      const found = lines.frame(level);
      if (!found.ok) {
        refused++;
        break;
      }
      if (found.value.name.length + found.value.file.length > 510) return 1;
    }
  }
  print(\`\${opened > 1000} \${refused > 10}\`);
  return 0;
}
`,
  );
  t.deepEqual(output, ["true true"]);
});
