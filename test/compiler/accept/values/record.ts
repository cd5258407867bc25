//> 3 4 true
//> 3 9
// A plain object type with `readonly` fields is a value: copied when passed or assigned.
import { print } from "xenlet:host";

type Point = { readonly x: u32; readonly y: u32 };

function up(point: Point): Point {
  return { x: point.x, y: 9 };
}
function equal(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}
export function main(): i32 {
  const p: Point = { x: 3, y: 4 };
  let q = p;
  print(`${p.x} ${q.y} ${equal(p, q)}`);
  q = up(q);
  print(`${p.x} ${q.y}`);
  return 0;
}
