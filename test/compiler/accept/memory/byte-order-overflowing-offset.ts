import { print } from "xenlet:host";

function read(bytes: Slice<u8>, at: usize): u64 {
  return bytes.readU64be(at); // stops: range out of bounds
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 16>();
  print(`${read(bytes, 0xffffffffffffffff)}`);
  return 0;
}
