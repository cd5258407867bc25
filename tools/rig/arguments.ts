/** Readers for the values of command-line options. */
import { InvalidArgumentError } from "commander";
import type { XlValue } from "./xl-config.ts";

/** A size in MB. */
export function megabytes(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("expected a number of MB, 1 or more.");
  return Number(text);
}

/** A time in seconds, as milliseconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number of seconds, more than 0.");
  return value * 1000;
}

/** One more `key=value` of an xl configuration; the value is JSON, or a string as it stands. */
export function setting(text: string, former: Readonly<Record<string, XlValue>>): Record<string, XlValue> {
  const match = /^([a-z][a-z0-9_]*)=(.*)$/.exec(text);
  if (!match?.[1]) throw new InvalidArgumentError("expected key=value with a key of xl.cfg(5).");
  return { ...former, [match[1]]: valueOf(match[2] ?? "") };
}

function valueOf(text: string): XlValue {
  if (/^\d+$/.test(text)) return Number(text);
  if (!text.startsWith("[")) return text;
  try {
    return JSON.parse(text.replaceAll("'", '"')) as XlValue;
  } catch {
    throw new InvalidArgumentError(`expected a list like ['a', 'b'], got ${text}`);
  }
}
