type Point = { x: u32; readonly y: u32 }; // error XL3009
function first(point: Point): u32 {
  return point.x;
}
export function main(): i32 {
  return first({ x: 1, y: 2 }) as i32;
}
