//> 5
//> closed 6
// The value of `return` is made before the disposals run.
import { print } from "xenlet:host";

let state: u32 = 5;
@struct
class Scope {
  used: u32 = 0;
  [Symbol.dispose](): void {
    state++;
  }
}
function read(): u32 {
  using scope = new Scope();
  scope.used = 1;
  return state;
}
export function main(): i32 {
  print(`${read()}`);
  print(`closed ${state}`);
  return 0;
}
