type Point = { readonly x: u32; readonly y: u32 };
function sum({ x, y }: Point): u32 { // error XL1006
  return x + y;
}
export function main(): i32 {
  return sum({ x: 1, y: 2 }) as i32;
}
