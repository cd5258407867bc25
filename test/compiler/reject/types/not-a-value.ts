import * as frames from "./parts/frame.ts";
@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const a = frames; // error XL2036
  const b = Box; // error XL2036
  return 0;
}
