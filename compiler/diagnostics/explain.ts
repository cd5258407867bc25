/** What a code of the catalogue means, without a program at hand. */
import { catalogue, type CatalogueEntry } from "./catalogue.ts";

const entries: readonly CatalogueEntry[] = Object.values(catalogue);

/** The catalogue's entry for `XL2001`, `xl2001` or `2001`. */
export function entryOf(code: string): CatalogueEntry | undefined {
  const number = /^(?:XL)?(\d{4})$/i.exec(code)?.[1];
  return entries.find((entry) => String(entry.code) === number);
}

/** The entry as text; undefined where there is none. */
export function explain(code: string): string | undefined {
  const entry = entryOf(code);
  if (entry === undefined) return undefined;
  return `XL${entry.code}: ${readable(entry.message)}\n\nhelp: ${readable(entry.help)}\n`;
}

/** `{0}`, `{1}` … stand for what a program fills in: shown as … */
export function readable(text: string): string {
  return text.replace(/\{\d\}/g, "…");
}
