/** Writes domain configuration files for xl (xl.cfg(5)). */

/** A value in such a file. */
export type XlValue = string | number | readonly XlValue[];

/** The text of a configuration file with these keys. Throws on a key or string that the format cannot express. */
export function xlConfig(settings: Readonly<Record<string, XlValue>>): string {
  const lines = Object.entries(settings).map(([key, value]) => {
    if (!/^[a-z][a-z0-9_]*$/.test(key))
      throw new Error(`"${key}" is no key of an xl configuration (xl.cfg(5) lists them)`);
    return `${key} = ${literal(value)}\n`;
  });
  return lines.join("");
}

function literal(value: XlValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return `[ ${value.map(literal).join(", ")} ]`;
  // A string ends at the next quotation mark of its kind; there is no escape for it, and none for a line's end.
  const quote = value.includes('"') ? "'" : '"';
  if (value.includes(quote) || /[\n\0]/.test(value)) {
    throw new Error(
      `xl.cfg cannot express the string ${JSON.stringify(value)}: both kinds of quotation marks, or a newline`,
    );
  }
  return `${quote}${value}${quote}`;
}
