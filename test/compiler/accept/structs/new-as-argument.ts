//> 12
import { print } from "xenlet:host";

@struct
class Size {
  width: u32;
  height: u32;
  constructor(width: u32, height: u32) {
    this.width = width;
    this.height = height;
  }
}
function area(size: Size): u32 {
  return size.width * size.height;
}
export function main(): i32 {
  print(`${area(new Size(3, 4))}`);
  return 0;
}
