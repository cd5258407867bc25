//> 8 4660 52 18
//> 0
// Every field of a union lies at offset 0.
import { print } from "xenlet:host";

@union({ size: 8 })
class Word {
  whole: u64 = 0;
  low: u32 = 0;
  readonly bytes = new FixedArray<u8, 8>();
}
export function main(): i32 {
  const word = new Word();
  word.whole = 0x1234;
  print(`${sizeOf<Word>()} ${word.low} ${word.bytes[0]} ${word.bytes[1]}`);
  zero(word);
  print(`${word.whole}`);
  return 0;
}
