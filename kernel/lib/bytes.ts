/** Small questions about byte strings. */

const space = 0x20;
const tab = 0x09;

/** Where `wanted` first stands in `bytes`; `bytes.length` when it does not. */
export function indexOf(bytes: Slice<u8>, wanted: u8): usize {
  for (const [index, byte] of bytes.entries()) {
    if (byte === wanted) return index;
  }
  return bytes.length;
}

/** C text: the bytes before the first zero, or all of them. */
export function untilZero(bytes: Slice<u8>): Slice<u8> {
  return bytes.slice(0, indexOf(bytes, 0));
}

export function startsWith(bytes: Slice<u8>, prefix: Slice<u8>): boolean {
  return bytes.length >= prefix.length && bytes.slice(0, prefix.length).equals(prefix);
}

/** What both begin with. */
export function commonPrefix(one: Slice<u8>, other: Slice<u8>): Slice<u8> {
  let length: usize = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

export function isBlank(byte: u8): boolean {
  return byte === space || byte === tab;
}

/** Whether a terminal shows the byte as a character (ASCII; the bytes of longer UTF-8 characters count as well). */
export function isPrintable(byte: u8): boolean {
  return byte >= space && byte !== 0x7f;
}

/** The same bytes without blanks at either end. */
export function trim(bytes: Slice<u8>): Slice<u8> {
  let start: usize = 0;
  let end: usize = bytes.length;
  while (start < end && isBlank(bytes[start])) start++;
  while (end > start && isBlank(bytes[end - 1])) end--;
  return bytes.slice(start, end);
}

/** A decimal number, or with `0x` a hexadecimal one; an error says what is wrong with it. */
export function parseNumber(digits: Slice<u8>): Result<u64> {
  const hexadecimal = startsWith(digits, "0x".bytes());
  const base: u64 = hexadecimal ? 16 : 10;
  const body = digits.slice(hexadecimal ? 2 : 0);
  if (body.length === 0) return err("no digits");
  const largest: u64 = 0xffffffffffffffff;
  let value: u64 = 0;
  for (const byte of body) {
    const digit = digitValue(byte);
    if (digit >= base) return err("not a digit");
    if (value > (largest - digit) / base) return err("larger than 64 bits");
    value = value * base + digit;
  }
  return ok(value);
}

/** 0 to 15, or 255 for what is no digit. */
function digitValue(byte: u8): u64 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter: u8 = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x61 + 10;
  return 255;
}
