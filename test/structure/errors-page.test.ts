import { readFileSync } from "node:fs";
import test from "ava";
import { errorsMarkdown, errorsPage } from "../../tools/errors.ts";

test("docs/errors.md says what the catalogue says (npm run errors writes it)", async (t) => {
  t.is(readFileSync(errorsPage, "utf8"), await errorsMarkdown());
});
