type Point = { readonly x: u32 };
const LIMIT: u32 = 4;
export function main(): i32 {
  LIMIT = 5; // error TS2588
  const p: Point = { x: 1 };
  p.x = 2; // error TS2540
  return 0;
}
