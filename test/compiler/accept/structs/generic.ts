//> 5 8
//> 3 true
// Generics are made anew for each set of type arguments.
import { print } from "xenlet:host";

@struct
class Pair<A, B> {
  readonly first: A;
  readonly second: B;
  constructor(first: A, second: B) {
    this.first = first;
    this.second = second;
  }
}
@struct
class Cell<T> {
  readonly value = new FixedArray<T, 2>();
}
export function main(): i32 {
  const pair = new Pair<u8, u64>(5, 8);
  print(`${pair.first} ${pair.second}`);
  const cell = new Cell<u16>();
  cell.value[1] = 3;
  print(`${cell.value[1]} ${sizeOf<Cell<u16>>() === 4}`);
  return 0;
}
