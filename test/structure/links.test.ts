/** Links in the documents lead somewhere. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import test from "ava";

import { projectRoot } from "../../tools/rig/paths.ts";

const documents = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...readdirSync(join(projectRoot, "docs"), { recursive: true, encoding: "utf8" }).map((name) =>
    join("docs", name),
  ),
].filter((name) => name.endsWith(".md"));

/** The document without what stands in backquotes, where brackets are code. */
function proseOf(document: string): string {
  const text = readFileSync(join(projectRoot, document), "utf8");
  return text
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ""));
}

/** A heading's anchor, as GitHub makes it. */
function anchorsOf(document: string): string[] {
  const headings = readFileSync(join(projectRoot, document), "utf8").matchAll(/^#+ +(.*)$/gm);
  return [...headings].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

for (const document of documents) {
  test(`every link in ${document} leads to a file that exists, and to a heading in it`, (t) => {
    for (const [, target = ""] of proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? document : relative(projectRoot, join(projectRoot, dirname(document), path));
      if (!existsSync(join(projectRoot, file))) t.fail(`${document}: ${target}: there is no ${file}`);
      else if (anchor !== undefined && file.endsWith(".md"))
        t.true(anchorsOf(file).includes(anchor), `${document}: ${target}: no heading of ${file}`);
    }
    t.pass();
  });
}
