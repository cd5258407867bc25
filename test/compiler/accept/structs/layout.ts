//> 24 8 0 8 16
// C layout: each field at its natural alignment, the size a multiple of the largest.
import { print } from "xenlet:host";

@struct({ size: 24, align: 8 })
class Entry {
  kind: u8 = 0;
  @offset(8) frame: u64 = 0;
  @offset(16) flags: u16 = 0;
}
export function main(): i32 {
  print(
    `${sizeOf<Entry>()} ${alignOf<Entry>()} ${offsetOf<Entry>("kind")} ${offsetOf<Entry>("frame")} ${offsetOf<Entry>("flags")}`,
  );
  return 0;
}
