//> 255 65535 4294967295
//> -128 -32768 -2147483648
//> 65790 4294967296
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u8 = 255;
  let b: u16 = 65535;
  let c: u32 = 4294967295;
  let x: u16 = a;
  let y: u32 = b;
  let z: u64 = c;
  print(`${x} ${y} ${z}`);
  let p: i8 = -128;
  let q: i16 = -32768;
  let r: i32 = -2147483648;
  let s: i16 = p;
  let t: i32 = q;
  let u: i64 = r;
  print(`${s} ${t} ${u}`);
  print(`${(b as u32) + a} ${z + 1}`);
  return 0;
}
