/** What xenstored's answers say. They are a stranger's: each is judged here before anybody believes it. */
import { indexOf, parseNumber } from "../../../lib/bytes.ts";
import { XenstoreFault } from "./fault.ts";

/** Decimal digits and nothing else, up to 64 bits. */
export function parseDecimal(digits: Slice<u8>): Result<u64, XenstoreFault> {
  for (const byte of digits) {
    if (byte < 0x30 || byte > 0x39) return err(XenstoreFault.NotANumber);
  }
  const parsed = parseNumber(digits);
  return parsed.ok ? ok(parsed.value) : err(XenstoreFault.NotANumber);
}

/** A number with a zero after it, or without. */
export function parseTransaction(answer: Slice<u8>): Result<u32, XenstoreFault> {
  const number = parseDecimal(answer.slice(0, indexOf(answer, 0)));
  if (!number.ok || number.value === 0 || !fits<u32>(number.value)) return err(XenstoreFault.BadAnswer);
  return ok(number.value as u32);
}

/** What a watch event says: its path, and the token that the watch was set with. */
export type WatchEvent = { readonly path: Slice<u8>; readonly token: u32 };

/** The payload of a watch event: path and token, each with a zero after it. */
export function parseWatchEvent(payload: Slice<u8>): Result<WatchEvent, XenstoreFault> {
  const pathEnd = indexOf(payload, 0);
  if (pathEnd === payload.length) return err(XenstoreFault.BadAnswer);
  const rest = payload.slice(pathEnd + 1);
  const tokenEnd = indexOf(rest, 0);
  if (tokenEnd + 1 !== rest.length) return err(XenstoreFault.BadAnswer);
  const token = parseDecimal(rest.slice(0, tokenEnd));
  if (!token.ok || !fits<u32>(token.value)) return err(XenstoreFault.BadAnswer);
  return ok({ path: payload.slice(0, pathEnd), token: token.value as u32 });
}
