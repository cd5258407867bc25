@struct class Bag {
  held: u32 = 1;
}
function sum(bag: Bag): u32 {
  let total: u32 = 0;
  for (const n of bag) total += n; // error TS2488
  return total;
}
export function main(): i32 {
  const bag = new Bag();
  return sum(bag) as i32;
}
