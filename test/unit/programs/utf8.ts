//> lengths: 1 0 0 2 3 4 0
//> code points: 0x61 0xe4 0x20ac 0x1f600 0x10ffff
//> broken: overlong, half a pair, too large, cut short, no continuation
//> columns: a 1, ä 1, 漢 2, e with a mark 1, a smile 2, nothing 0
//> stops: 0 1 4 7 9, backwards 9 7 4 1 0
//> every character is found again
import { print } from "xenlet:host";
import {
  columnsOf,
  decodeCharacter,
  lengthOfCharacter,
  nextStop,
  notCharacter,
  previousStop,
} from "../../../kernel/lib/utf8.ts";

function hexOf(character: string): u32 {
  return decodeCharacter(character.bytes());
}

function isBroken(bytes: Slice<u8>): boolean {
  return decodeCharacter(bytes) === notCharacter;
}

/** Writes each code point in UTF-8 by the definition, and has it read. */
function findAll(): boolean {
  const bytes = new FixedArray<u8, 4>();
  for (let code: u32 = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    let length: usize = 1;
    if (code < 0x80) bytes[0] = code as u8;
    else {
      length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      let rest: u32 = code;
      for (let at: usize = length; at > 1; at--) {
        bytes[at - 1] = (0x80 | (rest & 0x3f)) as u8;
        rest >>= 6;
      }
      const mark: u32 = 0xf00 >> length;
      bytes[0] = (mark | rest) as u8;
    }
    if (lengthOfCharacter(bytes[0]) !== length) return false;
    if (decodeCharacter(bytes.slice(0, length)) !== code) return false;
  }
  return true;
}

export function main(): i32 {
  print(
    `lengths: ${lengthOfCharacter(0x41)} ${lengthOfCharacter(0x80)} ${lengthOfCharacter(0xc1)} ${lengthOfCharacter(0xc3)} ${lengthOfCharacter(0xe2)} ${lengthOfCharacter(0xf0)} ${lengthOfCharacter(0xf5)}`,
  );
  print(
    `code points: 0x${hex(hexOf("a"))} 0x${hex(hexOf("ä"))} 0x${hex(hexOf("€"))} 0x${hex(hexOf("😀"))} 0x${hex(hexOf("\u{10ffff}"))}`,
  );
  const overlong: FixedArray<u8, 3> = [0xe0, 0x80, 0xaf];
  const half: FixedArray<u8, 3> = [0xed, 0xa0, 0x80];
  const large: FixedArray<u8, 4> = [0xf4, 0x90, 0x80, 0x80];
  const wrong: FixedArray<u8, 2> = [0xc3, 0x41];
  const cut: FixedArray<u8, 2> = [0xe2, 0x82];
  assert(
    isBroken(overlong) && isBroken(half) && isBroken(large) && isBroken(cut) && isBroken(wrong),
    "broken",
  );
  print("broken: overlong, half a pair, too large, cut short, no continuation");
  print(
    `columns: a ${columnsOf("a".bytes())}, ä ${columnsOf("ä".bytes())}, 漢 ${columnsOf("漢".bytes())}, e with a mark ${columnsOf("e\u0301".bytes())}, a smile ${columnsOf("😀".bytes())}, nothing ${columnsOf("".bytes())}`,
  );
  const mixed = "ae\u0301漢ä".bytes();
  print(
    `stops: 0 ${nextStop(mixed, 0)} ${nextStop(mixed, 1)} ${nextStop(mixed, 4)} ${nextStop(mixed, 7)}, backwards ${nextStop(mixed, 9)} ${previousStop(mixed, 9)} ${previousStop(mixed, 7)} ${previousStop(mixed, 4)} ${previousStop(mixed, 1)}`,
  );
  if (findAll()) print("every character is found again");
  return 0;
}
