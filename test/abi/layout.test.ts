/** Every struct that Xen or another domain sees has the size and the offsets of Xen's own public headers. */
import { readFileSync } from "node:fs";
import test from "ava";
import { sourceFiles } from "../../tools/check-deps.ts";
import { headerFacts, ownFacts, type Question } from "./headers.ts";
import { layoutsOf, originOf } from "./structs.ts";

const layouts = layoutsOf(["kernel/main.ts", ...sourceFiles("kernel/xen-abi")]);

test("every struct of kernel/xen-abi says where it comes from, by a tag @xen", (t) => {
  const untold = layouts.filter(
    (layout) => layout.file.startsWith("kernel/xen-abi/") && originOf(layout).kind === "untold",
  );
  t.deepEqual(
    untold.map(({ file, name, docTags }) => `${file}: ${name}: @xen ${docTags.xen ?? "(none)"}`),
    [],
    "expected `@xen name header.h`, or `@xen none <reason>`",
  );
});

test("no struct of kernel/xen-abi is left out", (t) => {
  const classes = sourceFiles("kernel/xen-abi").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:export )?class (\w+)/gm)].map(
      ([, name]) => `${file} ${name}`,
    ),
  );
  const dumped = new Set(layouts.map(({ file, name }) => `${file} ${name}`));
  t.true(classes.length > 10);
  t.deepEqual(
    classes.filter((one) => !dumped.has(one)),
    [],
  );
});

test("sizes and offsets are those of Xen's public headers", async (t) => {
  const headers = new Set<string>(["xen.h"]);
  const questions = layouts.flatMap((layout): Question[] => {
    const origin = originOf(layout);
    if (origin.kind !== "header") return [];
    if (origin.header !== undefined) headers.add(origin.header);
    return [{ layout, struct: origin.struct }];
  });
  t.true(questions.length > 10, `only ${questions.length} structs are compared`);
  // xen.h includes the architecture's headers itself, after what they need.
  const included = [...headers].filter((header) => !header.startsWith("arch-"));
  const own = ownFacts(questions.map(({ layout }) => layout));
  t.deepEqual(own, await headerFacts(questions, included));
});
