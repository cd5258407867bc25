//> 4
// A field of a struct type that is not made with `new` is a reference, and has to be set in the constructor.
import { print } from "xenlet:host";

@struct
class Shape {
  sides: u32 = 4;
}
@struct
class View {
  readonly shape: Shape;
  constructor(shape: Shape) {
    this.shape = shape;
  }
}
const square = new Shape();

export function main(): i32 {
  const view = new View(square);
  print(`${view.shape.sides}`);
  return 0;
}
