//> 1541
import { print } from "xenlet:host";

const bytes: FixedArray<u8, 3> = [4, 5, 6];

function read(bytes: Slice<u8>, at: usize): u32 {
  return bytes.readU16le(at); // stops: range out of bounds
}
export function main(): i32 {
  print(`${read(bytes, 1)}`);
  print(`${read(bytes, 2)}`);
  return 0;
}
