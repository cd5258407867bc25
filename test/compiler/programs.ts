/** The corpus: each file below accept/ and reject/ is a program; those in a folder `parts` are imported by others. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Program {
  /** Relative to its corpus, without the ending: `integers/wrap`. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

export function programsIn(corpus: "accept" | "reject"): Program[] {
  const directory = path.join(import.meta.dirname, corpus);
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.split(path.sep).includes("parts"))
    .sort()
    .map((name) => {
      const file = path.join(directory, name);
      return { name: name.replace(/\.ts$/, ""), file, text: readFileSync(file, "utf8") };
    });
}
