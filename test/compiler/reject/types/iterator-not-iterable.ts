interface Bag {
  [Symbol.iterator](): IterableIterator<u32>; // error XL2002
}
function sum(bag: Bag): u32 {
  let total: u32 = 0;
  for (const n of bag) total += n; // error XL2039
  return total;
}
export function main(): i32 {
  return 0;
}
