//> 4 4 8 8
//> -1 18446744073709551615
// An enum's machine type is u32, or the smallest of i32, u64, i64 that holds all its members.
import { print } from "xenlet:host";

const enum Small {
  A = 0xffffffff,
}
const enum Signed {
  A = -1,
  B = 5,
}
const enum Large {
  A = 0xffffffffffffffff,
}
const enum Wide {
  A = -1,
  B = 0x100000000,
}
export function main(): i32 {
  print(`${sizeOf<Small>()} ${sizeOf<Signed>()} ${sizeOf<Large>()} ${sizeOf<Wide>()}`);
  let a: i32 = Signed.A;
  let b: u64 = Large.A;
  print(`${a} ${b}`);
  return 0;
}
