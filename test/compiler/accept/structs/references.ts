//> 5 5 true
//> 9 5 false
// A variable of a struct type is a reference: assigning rebinds it, `copy` copies contents.
import { print } from "xenlet:host";

@struct
class Point {
  x: u32 = 0;
  y: u32 = 0;
}
export function main(): i32 {
  const a = new Point();
  const b = new Point();
  a.x = 5;
  let p = b;
  copy(p, a);
  print(`${b.x} ${a.x} ${p === b}`);
  p = a;
  p.x = 9;
  print(`${a.x} ${b.x} ${p === b}`);
  return 0;
}
