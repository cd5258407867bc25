function take(a: u32, b: u32): u32 {
  return a + b;
}
const pair: FixedArray<u32, 2> = [1, 2];
export function main(): i32 {
  return take(...pair) as i32; // error TS2556
}
