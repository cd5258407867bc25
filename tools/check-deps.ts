/** Who imports whom, and who may: the rooms of the kernel, and the door to TypeScript. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "../compiler/typescript.ts";
import { projectRoot } from "./rig/paths.ts";

/** One import, with paths relative to the project; a package or an ambient module is named as it is imported. */
export interface Import {
  readonly from: string;
  readonly line: number;
  readonly to: string;
}

/** The room that a kernel file is in: its folder; `main` stands for the files that introduce everyone to everyone. */
export function roomOf(file: string): string {
  const [, ...parts] = path.dirname(file).split(path.sep);
  return parts[0] ?? "main";
}

/** What each room may import, besides itself. The portable rooms get from `main` what they need of a lower one. */
export const permitted: Readonly<Record<string, readonly string[]>> = {
  selftest: [
    "main",
    "monitor",
    "bench",
    "drivers",
    "net",
    "fs",
    "sched",
    "mm",
    "arch",
    "dev",
    "xen-abi",
    "lib",
  ],
  main: ["monitor", "bench", "drivers", "net", "fs", "sched", "mm", "arch", "dev", "xen-abi", "lib"],
  monitor: ["main", "bench", "drivers", "net", "fs", "sched", "mm", "arch", "dev", "xen-abi", "lib"],
  bench: ["drivers", "net", "fs", "sched", "mm", "arch", "dev", "xen-abi", "lib"],
  drivers: ["dev", "sched", "mm", "arch", "xen-abi", "lib"],
  net: ["dev", "sched", "mm", "lib"],
  fs: ["dev", "sched", "mm", "lib"],
  sched: ["mm", "arch", "xen-abi", "lib"],
  mm: ["arch", "xen-abi", "lib"],
  arch: ["xen-abi", "lib"],
  dev: ["lib"],
  "xen-abi": ["lib"],
  lib: [],
};

/** The TypeScript files below `directory`, relative to the project. */
export function sourceFiles(directory: string): string[] {
  return readdirSync(path.join(projectRoot, directory), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => path.join(directory, name))
    .sort();
}

/** Every import and re-export of `file`. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(projectRoot, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const name = moduleSpecifier.text;
    const to = name.startsWith(".") ? path.join(path.dirname(file), name) : name;
    return [{ from: file, line: source.getLineAndCharacterOfPosition(moduleSpecifier.pos).line + 1, to }];
  });
}

/** What is wrong with the imports between kernel files, a line each. */
export function checkRooms(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, line, to }) => {
    const place = `${from}:${line}: imports ${to}`;
    if (to === "xenlet:unsafe") return [];
    if (!to.startsWith("kernel/")) return [`${place}: expected a kernel file or xenlet:unsafe`];
    const [room, other] = [roomOf(from), roomOf(to)];
    const allowed = permitted[room];
    if (allowed === undefined) return [`${from}: expected a room of ${Object.keys(permitted).join(", ")}`];
    if (room === other || allowed.includes(other)) return [];
    return [`${place}: ${room} may import ${allowed.join(", ") || "nothing"}; let kernel/main.ts pass it in`];
  });
}

/** A circle of imports, as the files in order, or undefined. */
export function findCycle(imports: readonly Import[]): string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of targets.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle !== undefined) return cycle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
