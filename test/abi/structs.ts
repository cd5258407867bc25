/** The ABI structs of the kernel as the compiler lays them out, and where Xen's public headers define them. */
import { compile } from "../../compiler/driver.ts";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";

/** The compiler's `layouts` dump. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly docTags: Readonly<Record<string, string>>;
}
export interface Layout {
  readonly name: string;
  readonly file: string;
  readonly size: number;
  readonly align: number;
  readonly fields: readonly Field[];
  readonly docTags: Readonly<Record<string, string>>;
}

/** Every struct that the programs of `entries` contain, each once. */
export function layoutsOf(entries: readonly string[]): Layout[] {
  const found = new Map<string, Layout>();
  for (const entry of entries) {
    const { dumps, diagnostics } = compile({ entry, target: "x86-xen", checked: true, dump: "layouts" });
    if (diagnostics.length > 0) throw new Error(renderDiagnostics(diagnostics, { color: false }));
    for (const layout of JSON.parse(dumps.get("layouts") ?? "[]") as Layout[]) {
      found.set(`${layout.file} ${layout.name}`, layout);
    }
  }
  return [...found.values()];
}

/** Where Xen's headers define a struct. */
export interface HeaderStruct {
  /** As C spells it: `struct start_info`. */
  readonly type: string;
  /** For an anonymous struct inside another: the way to it, `console.domU`. */
  readonly path: string | undefined;
  /** Ours is only the part before this member, by its tag `@until`. */
  readonly until: string | undefined;
}

/** What the tag `@xen` of a struct says. */
export type Origin =
  | { readonly kind: "header"; readonly struct: HeaderStruct; readonly header: string | undefined }
  | { readonly kind: "ours"; readonly reason: string }
  | { readonly kind: "untold" };

/**
 * `@xen start_info xen.h`, `@xen none the anonymous \`console\` of start_info` (of a union: `of union …`; compared through
 * what is around it), or `@xen none <reason>` for what no header has.
 */
export function originOf({ docTags }: Layout): Origin {
  const tag = docTags.xen ?? "";
  const anonymous = /^none the anonymous `([\w.]+)` of (union )?(\w+)/.exec(tag);
  if (anonymous !== null) {
    const [, path, kind = "struct ", name = ""] = anonymous;
    return { kind: "header", struct: { type: kind + name, path, until: undefined }, header: undefined };
  }
  const reason = /^none (\S.*)$/s.exec(tag)?.[1];
  if (reason !== undefined) return { kind: "ours", reason };
  const named = /^(\w+) ([\w./-]+\.h)$/.exec(tag);
  if (named === null) return { kind: "untold" };
  const [, name = "", header] = named;
  return {
    kind: "header",
    struct: { type: `struct ${name}`, path: undefined, until: docTags.until },
    header,
  };
}

/** The field's name in the header: its tag `@xen`, or its own in snake case. */
export function headerName({ name, docTags }: Field): string {
  return docTags.xen ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
