//> 0 1 closed 2 closed closed
//> value 3 seen 2
// `break`, `continue` and labels leave their blocks through the disposals.
import { print } from "xenlet:host";

let closed: u32 = 0;
@struct
class Scope {
  [Symbol.dispose](): void {
    closed++;
  }
}
function value(): u32 {
  using scope = new Scope();
  return closed + (scope === scope ? 0 : 1);
}
export function main(): i32 {
  const before = closed;
  for (let i: u32 = 0; i < 5; i++) {
    using scope = new Scope();
    if (i === 0) continue;
    if (i === 1) break;
    closed += scope === scope ? 100 : 0;
  }
  const two = closed;
  outer: while (true) {
    using first = new Scope();
    while (first === first) {
      using second = new Scope();
      if (second === second) break outer;
    }
  }
  print(`${before} ${two - 1} closed ${two} closed closed`);
  closed = 2;
  const seen = value();
  print(`value ${closed} seen ${seen}`);
  return 0;
}
