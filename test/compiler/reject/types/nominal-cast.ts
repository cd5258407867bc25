import { type Frame, frame } from "./parts/frame.ts";
export function main(): i32 {
  const f = frame(1);
  const n = f as u64; // error XL2012
  const g = 2 as Frame; // error XL2012
  return 0;
}
