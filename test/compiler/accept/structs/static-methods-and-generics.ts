//> 12 2
import { print } from "xenlet:host";

interface Shape {
  area(): u32;
}
@struct
class Square implements Shape {
  side: u32;
  constructor(side: u32) {
    this.side = side;
  }
  area(): u32 {
    return this.side * this.side;
  }
}
@struct
class Strip implements Shape {
  length: u32 = 8;
  area(): u32 {
    return this.length;
  }
}
// Monomorphised: each call is direct.
function doubled<S extends Shape>(shape: S): u32 {
  return shape.area() + shape.area() - shape.area();
}
export function main(): i32 {
  const square = new Square(2);
  const strip = new Strip();
  print(`${doubled(square) + doubled(strip)} ${strip.length / doubled<Square>(square)}`);
  return 0;
}
