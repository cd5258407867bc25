enum Colour { // error XL1004
  Red,
  Green,
}
function same(a: Colour, b: Colour): boolean {
  return a === b;
}
export function main(): i32 {
  return same(Colour.Red, Colour.Green) ? 1 : 0;
}
