//> 6 0
import { print } from "xenlet:host";

@struct
class Box {
  held: u32 = 3;
  get doubled(): u32 {
    return this.held * 2;
  }
  read(): u32 {
    return this.held;
  }
}
function of(box: Box | null): u32 {
  return box?.doubled ?? 0;
}
export function main(): i32 {
  print(`${of(new Box())} ${of(null)}`);
  return 0;
}
