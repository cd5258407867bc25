//> 3 4 12 true
import { print } from "xenlet:host";

@struct
class Box {
  readonly width: u32;
  readonly height: u32;
  area: u64;
  next: Box | null = null;

  constructor(width: u32, height: u32 = 4) {
    this.width = width;
    this.height = height;
    this.area = (width as u64) * height;
  }
}
export function main(): i32 {
  const box = new Box(3);
  print(`${box.width} ${box.height} ${box.area} ${box.next === null}`);
  return 0;
}
