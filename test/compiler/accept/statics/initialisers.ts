//> 5 12 abc true -1
//> 10 20 30
//> 2 3 7
//> 4 0
import { print } from "xenlet:host";

const enum Kind {
  A = 2,
}
type Point = { readonly x: u32; readonly y: u32 };
@struct
class Box {
  width: u32;
  readonly inner = new FixedArray<u8, 2>();
  next: Box | null = null;
  constructor(width: u32) {
    this.width = width;
  }
}
let count: u32 = 5;
const limit: u64 = 3 << 2;
const name = "abc";
let flag: boolean = true;
let minus: i16 = -1;
const table: FixedArray<u32, 3> = [10, 20, 30];
const kind: Kind = Kind.A;
const point: Point = { x: 3, y: 7 };
const box = new Box(4);
let none: Box | null = null;

export function main(): i32 {
  print(`${count} ${limit} ${name} ${flag} ${minus}`);
  print(`${table[0]} ${table[1]} ${table[2]}`);
  print(`${kind} ${point.x} ${point.y}`);
  print(`${box.width} ${box.inner[1]}`);
  if (none === null) none = box;
  count++;
  flag = !flag;
  minus--;
  return none.width === 4 ? 0 : 1;
}
