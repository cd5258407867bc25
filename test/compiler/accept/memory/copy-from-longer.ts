import { print } from "xenlet:host";

function copyInto(target: Slice<u8>, source: Slice<u8>): void {
  target.copyFrom(source); // stops: copy longer than its target
}
export function main(): i32 {
  const small = new FixedArray<u8, 2>();
  const large = new FixedArray<u8, 3>();
  copyInto(large, small);
  copyInto(small, large);
  print("not reached");
  return 0;
}
