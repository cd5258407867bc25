//> 513 1 2
//> 4 255
//> abc
import { print } from "xenlet:host";
import { addressOf, bytesOf, sliceAt, stringOf, structAt } from "xenlet:unsafe";

@struct
class Word {
  low: u16 = 0x0201;
  high: u16 = 0;
}
const word = new Word();
const letters: FixedArray<u8, 3> = [97, 98, 99];

export function main(): i32 {
  const same = structAt<Word>(addressOf(word));
  const bytes = bytesOf(word);
  print(`${same.low} ${bytes[0]} ${bytes[1]}`);
  bytes[2] = 255;
  print(`${sliceAt<u8>(addressOf(word), 4).length} ${word.high}`);
  print(stringOf(letters));
  return 0;
}
