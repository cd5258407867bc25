/** How a diagnostic looks to a person. */
import test from "ava";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { renderDiagnostics, wantsColor } from "../../compiler/diagnostics/render.ts";
import { compile } from "../../compiler/driver.ts";

const source = "let a: u32 = 1;\n\tlet b: u8 = a;\nlet c = a;\n";
const readSource = (): string => source;

function at(text: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  const span = { file: "a.ts", start: source.indexOf(text), length: text.length };
  return { code: "XL2007", span, message: "Expected u8.", help: "Write `as u8`.", related: [], ...rest };
}

test("place, message, source line, carets, help and the count", (t) => {
  t.is(
    renderDiagnostics([at("u8")], { color: false, readSource }),
    `a.ts:2:9 - error XL2007: Expected u8.

2 \tlet b: u8 = a;
  \t       ^^

help: Write \`as u8\`.

Found 1 error.
`,
  );
});

test("related places have their own snippet", (t) => {
  const related = [{ span: { file: "a.ts", start: 4, length: 1 }, message: "declared here" }];
  const text = renderDiagnostics([at("u8", { related })], { color: false, readSource });
  t.true(text.includes("\n  a.ts:1:5 - declared here\n  1 let a: u32 = 1;\n        ~\n"), text);
});

test("errors come in the order of their places, and are counted over files", (t) => {
  const other = at("let c", { span: { file: "b.ts", start: 0, length: 3 } });
  const text = renderDiagnostics([at("let c"), at("let a"), other], { color: false, readSource });
  const places = [...text.matchAll(/^(\S+:\d+):\d+ - error/gm)].map(([, place]) => place);
  t.deepEqual(places, ["a.ts:1", "a.ts:3", "b.ts:1"]);
  t.true(text.endsWith("Found 3 errors in 2 files.\n"));
});

test("a span over several lines is marked to the end of its first", (t) => {
  const span = { file: "a.ts", start: 4, length: 20 };
  const text = renderDiagnostics([at("u8", { span })], { color: false, readSource });
  t.true(text.includes("1 let a: u32 = 1;\n      ^^^^^^^^^^^\n"), text);
});

test("a file that is gone, or no place at all, still gives the message", (t) => {
  const gone = renderDiagnostics([at("u8", { span: { file: "no/such.ts", start: 0, length: 1 } })], {
    color: false,
  });
  t.true(gone.startsWith("error XL2007: Expected u8."), gone);
  const nowhere = renderDiagnostics([at("u8", { span: undefined })], { color: false, readSource });
  t.true(nowhere.startsWith("error XL2007: Expected u8."), nowhere);
});

test("colour is for terminals, NO_COLOR and FORCE_COLOR decide otherwise", (t) => {
  t.true(wantsColor({ isTTY: true }, {}));
  t.false(wantsColor({}, {}));
  t.true(wantsColor({}, { FORCE_COLOR: "1" }));
  t.false(wantsColor({ isTTY: true }, { FORCE_COLOR: "0" }));
  t.false(wantsColor({ isTTY: true }, { NO_COLOR: "1", FORCE_COLOR: "1" }));
  const escape = String.fromCharCode(27);
  t.false(renderDiagnostics([at("u8")], { color: false, readSource }).includes(escape));
  t.true(renderDiagnostics([at("u8")], { color: true, readSource }).includes(`${escape}[31m^^`));
});

test("a blocking call in an interrupt context shows every step of the chain", (t) => {
  const entry = "test/compiler/reject/contexts/chain.ts";
  const [found] = compile({ entry, target: "host", checked: true }).diagnostics;
  t.deepEqual(
    found?.related.map(({ message }) => message),
    ["`tick` runs in an interrupt context", "calls `Device.poll`", "calls `lock`", "calls `sleep`"],
  );
});
