//> 3 4
import { print } from "xenlet:host";

type Point = { readonly x: u32; readonly y: u32 };
function point(x: u32, y: u32): Point {
  return { x, y };
}
export function main(): i32 {
  const p = point(3, 4);
  print(`${p.x} ${p.y}`);
  return 0;
}
