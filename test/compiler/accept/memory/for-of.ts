//> 6 6
//> 0:10 1:20
//> 11 21
import { print } from "xenlet:host";

const numbers: FixedArray<u32, 3> = [1, 2, 3];

@struct
class Item {
  n: u32 = 0;
}
export function main(): i32 {
  let sum: u32 = 0;
  for (const n of numbers) sum += n;
  let tail: u32 = 1;
  for (const n of numbers.slice(1)) tail += n;
  print(`${sum} ${tail}`);
  const items = new FixedArray<Item, 2>();
  for (const [i, item] of items.entries()) item.n = ((i as u32) + 1) * 10;
  print(`0:${items[0].n} 1:${items[1].n}`);
  for (const item of items) item.n++;
  print(`${items[0].n} ${items[1].n}`);
  return 0;
}
