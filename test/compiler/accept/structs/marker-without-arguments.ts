//> 16 8
import { print } from "xenlet:host";

@struct
export class Plain {
  a: u64 = 1;
  b: u8 = 2;
}
export function main(): i32 {
  print(`${sizeOf<Plain>()} ${alignOf<Plain>()}`);
  return 0;
}
