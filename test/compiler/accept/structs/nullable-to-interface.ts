//> 7, then nothing
import { print } from "xenlet:host";

interface Shown {
  show(): u32;
}
@struct
class Seven implements Shown {
  value: u32 = 7;
  show(): u32 {
    return this.value;
  }
}
@struct
class Holder {
  shown: Shown | null = null;
}
const seven = new Seven();

function put(holder: Holder, what: Seven | null): u32 {
  holder.shown = what;
  return holder.shown === null ? 0 : holder.shown.show();
}

export function main(): i32 {
  const holder = new Holder();
  const first = put(holder, seven);
  const second = put(holder, null);
  print(`${first}, then ${second === 0 ? "nothing" : "something"}`);
  return 0;
}
