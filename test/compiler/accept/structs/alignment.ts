//> 64 64 128 64 192
import { print } from "xenlet:host";

@struct({ align: 64, size: 64 })
class Line {
  value: u32 = 0;
}
@struct({ size: 192 })
class Pair {
  head: u8 = 0;
  @align(64) @offset(64) first: u64 = 0;
  @offset(128) readonly second = new Line();
}
export function main(): i32 {
  print(
    `${sizeOf<Line>()} ${alignOf<Line>()} ${offsetOf<Pair>("second")} ${alignOf<Pair>()} ${sizeOf<Pair>()}`,
  );
  return 0;
}
