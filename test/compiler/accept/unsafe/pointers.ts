//> 2 3 9 true
//> 5 true
import { print } from "xenlet:host";
import { addressOf, type Ptr, ptr } from "xenlet:unsafe";

@struct
class Box {
  held: u32 = 5;
}
const words: FixedArray<u16, 3> = [1, 2, 3];
const box = new Box();

function second(p: Ptr<u16>): u16 {
  return p.add(1).load();
}
export function main(): i32 {
  const p = ptr<u16>(addressOf(words));
  const third = p.add(2);
  const before = third.load();
  third.store(9);
  print(`${second(p)} ${before} ${words[2]} ${third.address - p.address === 4}`);
  const b = ptr<Box>(addressOf(box));
  print(`${b.target.held} ${b.cast<u32>().load() === 5}`);
  return 0;
}
