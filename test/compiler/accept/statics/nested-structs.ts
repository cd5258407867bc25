//> 1 2 7 0
// A static struct has all its initialisers, embedded ones too, without code that runs before main.
import { print } from "xenlet:host";

@struct
class Leaf {
  value: u32 = 2;
  readonly bytes = new FixedArray<u8, 2>();
}
@struct
class Branch {
  id: u32 = 1;
  readonly leaf = new Leaf();
  readonly leaves = new FixedArray<Leaf, 3>();
}
const branches = new FixedArray<Branch, 2>();
const one = new Branch();

export function main(): i32 {
  one.leaf.bytes[1] = 7;
  print(`${branches[1].id} ${branches[1].leaves[2].value} ${one.leaf.bytes[1]} ${branches[0].leaf.bytes[1]}`);
  return 0;
}
