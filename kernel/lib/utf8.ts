/** Text of more than ASCII: UTF-8 (RFC 3629), and how many columns a terminal gives to a character. */

/** What is not a character: no code point is as large. */
export const notCharacter = 0xffffffff;

/** A byte of a character that is not its first. */
export function isContinuation(byte: u8): boolean {
  return (byte & 0xc0) === 0x80;
}

/** How many bytes a character has that begins with `first`; 0 where none does. */
export function lengthOfCharacter(first: u8): usize {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0; // a continuation, or a longer way to write ASCII
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** The code point that exactly `bytes` stand for; `notCharacter` where they are not one well-formed character. */
export function decodeCharacter(bytes: Slice<u8>): u32 {
  if (bytes.length === 0 || lengthOfCharacter(bytes[0]) !== bytes.length) return notCharacter;
  if (bytes.length === 1) return bytes[0];
  let code: u32 = bytes[0] & (0x7f >> bytes.length);
  for (const byte of bytes.slice(1)) {
    if (!isContinuation(byte)) return notCharacter;
    code = (code << 6) | (byte & 0x3f);
  }
  return isWellFormed(code, bytes.length) ? code : notCharacter;
}

/** Whether `code` needs so many bytes, and is not half of a UTF-16 pair. */
function isWellFormed(code: u32, length: usize): boolean {
  if (length === 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
  return length === 2 || (code >= 0x10000 && code <= 0x10ffff);
}

/** Whether a terminal shows it: no control character, neither of ASCII nor of Latin 1, which some terminals obey. */
export function isShown(code: u32): boolean {
  return code !== notCharacter && code >= 0x20 && (code < 0x7f || code > 0x9f);
}

type Range = { readonly first: u32; readonly last: u32; readonly columns: usize };

/** Where one character is not one column wide: by block of Unicode, in ascending order. Rare scripts are not listed. */
const ranges: FixedArray<Range, 30> = [
  { first: 0x300, last: 0x36f, columns: 0 }, // combining marks
  { first: 0x483, last: 0x489, columns: 0 },
  { first: 0x591, last: 0x5bd, columns: 0 }, // Hebrew points
  { first: 0x610, last: 0x61a, columns: 0 }, // Arabic marks
  { first: 0x64b, last: 0x65f, columns: 0 },
  { first: 0xe31, last: 0xe31, columns: 0 }, // Thai vowels and tones
  { first: 0xe34, last: 0xe3a, columns: 0 },
  { first: 0xe47, last: 0xe4e, columns: 0 },
  { first: 0x1100, last: 0x115f, columns: 2 }, // Hangul
  { first: 0x1ab0, last: 0x1aff, columns: 0 },
  { first: 0x1dc0, last: 0x1dff, columns: 0 },
  { first: 0x200b, last: 0x200f, columns: 0 }, // joiners, direction marks
  { first: 0x202a, last: 0x202e, columns: 0 },
  { first: 0x20d0, last: 0x20ff, columns: 0 },
  { first: 0x2e80, last: 0x3029, columns: 2 }, // radicals, CJK punctuation
  { first: 0x302a, last: 0x302d, columns: 0 },
  { first: 0x302e, last: 0x3098, columns: 2 }, // kana
  { first: 0x3099, last: 0x309a, columns: 0 },
  { first: 0x309b, last: 0xa4cf, columns: 2 }, // kana, Han, Yi
  { first: 0xa960, last: 0xa97f, columns: 2 },
  { first: 0xac00, last: 0xd7a3, columns: 2 },
  { first: 0xf900, last: 0xfaff, columns: 2 },
  { first: 0xfe00, last: 0xfe0f, columns: 0 }, // variation selectors
  { first: 0xfe20, last: 0xfe2f, columns: 0 },
  { first: 0xfe30, last: 0xfe6f, columns: 2 },
  { first: 0xff00, last: 0xff60, columns: 2 }, // full-width ASCII
  { first: 0xffe0, last: 0xffe6, columns: 2 },
  { first: 0x1f300, last: 0x1faff, columns: 2 }, // pictographs
  { first: 0x20000, last: 0x3fffd, columns: 2 },
  { first: 0xe0100, last: 0xe01ef, columns: 0 },
];

/** Columns of one character: 2 for East Asian ones and pictographs, 0 for what joins the character before it, otherwise 1. */
export function columnsOfCharacter(code: u32): usize {
  if (code < 0x300) return 1;
  for (const range of ranges) {
    if (code <= range.last) return code >= range.first ? range.columns : 1;
  }
  return 1;
}

/** Columns of well-formed text. */
export function columnsOf(text: Slice<u8>): usize {
  let columns: usize = 0;
  for (let at: usize = 0; at < text.length; at = endOfCharacter(text, at)) {
    columns += columnsOfCharacter(decodeCharacter(text.slice(at, endOfCharacter(text, at))));
  }
  return columns;
}

/** One past the character that begins at `at`, by its first byte. */
export function endOfCharacter(text: Slice<u8>, at: usize): usize {
  return min<usize>(text.length, at + max<usize>(1, lengthOfCharacter(text[at])));
}

/** Where what stands before `at` on the screen begins: a character, and all that joins it. 0 at the start. */
export function previousStop(text: Slice<u8>, at: usize): usize {
  let stop = at;
  while (stop > 0) {
    do stop--;
    while (stop > 0 && isContinuation(text[stop]));
    if (columnsOf(text.slice(stop, endOfCharacter(text, stop))) > 0) break;
  }
  return stop;
}

/** One past what stands at `at` on the screen: a character, and all that joins it. */
export function nextStop(text: Slice<u8>, at: usize): usize {
  if (at >= text.length) return text.length;
  let stop = endOfCharacter(text, at);
  while (stop < text.length && columnsOf(text.slice(stop, endOfCharacter(text, stop))) === 0) {
    stop = endOfCharacter(text, stop);
  }
  return stop;
}
