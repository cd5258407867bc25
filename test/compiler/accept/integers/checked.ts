//> 255 -128 true false true false
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u32 = 255;
  let b: i32 = -128;
  print(
    `${checked<u8>(a)} ${checked<i8>(b)} ${fits<u8>(a)} ${fits<u8>(a + 1)} ${fits<i8>(b)} ${fits<i8>(b - 1)}`,
  );
  let c: u64 = 0x100000000;
  c += a;
  print(`${checked<u32>(c)}`); // stops: value does not fit
  return 0;
}
