type Point = { readonly x: u32; readonly y: u32 };
export function main(): i32 {
  const p: Point = { x: 1, y: 2 };
  const { x, y } = p; // error XL1001
  return 0;
}
