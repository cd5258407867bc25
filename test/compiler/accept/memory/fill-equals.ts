//> 7 7 true false false
import { print } from "xenlet:host";

export function main(): i32 {
  const a = new FixedArray<u16, 3>();
  const b = new FixedArray<u16, 3>();
  a.fill(7);
  b.fill(7);
  const before = a.equals(b);
  b[2] = 8;
  print(`${a[0]} ${b[1]} ${before} ${a.equals(b)} ${a.equals(b.slice(0, 2))}`);
  return 0;
}
