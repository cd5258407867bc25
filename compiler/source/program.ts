import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { Place } from "../ir/ir.ts";
import ts from "../typescript.ts";

/** Where a program runs: as a Linux program or library, or as a guest of Xen. */
export type TargetName = "host" | "x86-xen";

const library = join(dirname(fileURLToPath(import.meta.url)), "../lib");

/** A program as TypeScript's own parser and checker see it. */
export interface SourceProgram {
  readonly checker: ts.TypeChecker;
  readonly entry: ts.SourceFile;
  /** The programmer's files, in the order in which they were imported. */
  readonly files: readonly ts.SourceFile[];
  /** What TypeScript itself refuses. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses, binds and checks `entry` and all it imports against the declarations in `compiler/lib`. */
export function loadProgram(entry: string, target: TargetName): SourceProgram {
  const ambient = ["prelude.d.ts", "unsafe.d.ts", ...(target === "host" ? ["host.d.ts"] : [])];
  const options = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(library, "tsconfig.base.json"), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    library,
  ).options;
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram({
    rootNames: [resolve(entry), ...ambient.map((name) => join(library, name))],
    options,
    host,
  });
  const files = program.getSourceFiles().filter((file) => !file.isDeclarationFile);
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
  const source = program.getSourceFile(resolve(entry));
  if (source === undefined) {
    throw new Error(`cannot read ${entry}: expected a TypeScript file`);
  }
  return {
    checker: program.getTypeChecker(),
    entry: source,
    files,
    diagnostics: ts.sortAndDeduplicateDiagnostics(found).map(fromTypeScript),
  };
}

function fromTypeScript(found: ts.Diagnostic): Diagnostic {
  const span =
    found.file === undefined
      ? undefined
      : { file: found.file.fileName, start: found.start ?? 0, length: found.length ?? 0 };
  const related = (found.relatedInformation ?? []).flatMap((info) =>
    info.file === undefined
      ? []
      : [
          {
            span: { file: info.file.fileName, start: info.start ?? 0, length: info.length ?? 0 },
            message: ts.flattenDiagnosticMessageText(info.messageText, "\n"),
          },
        ],
  );
  return {
    code: `TS${found.code}`,
    span,
    message: ts.flattenDiagnosticMessageText(found.messageText, "\n"),
    help: undefined,
    related,
  };
}

/** The text that a node covers, without the comments before it. */
export function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  return { file: file.fileName, start, length: node.getEnd() - start };
}

/** The path of a file as everybody sees it: relative to where the compiler runs. */
export function shownPath(fileName: string): string {
  return relative(process.cwd(), fileName);
}

/** The same, with the line. */
export function placeOf(node: ts.Node): Place {
  const span = spanOf(node);
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(span.start);
  return { ...span, file: span.file, line: line + 1 };
}

/** Whether the declaration comes from the compiler's own ambient files. */
export function isAmbient(node: ts.Node): boolean {
  return dirname(node.getSourceFile().fileName) === library;
}

/** The text of the C header that every program's C includes. */
export function readHeader(): string {
  return readFileSync(join(library, "xenlet.h"), "utf8");
}

/** The values of the documentation tags over a declaration: `@export name` → `{ export: "name" }`. */
export function documentTags(node: ts.Node): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of ts.getJSDocTags(node)) {
    tags[tag.tagName.text] = (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
  }
  return tags;
}
