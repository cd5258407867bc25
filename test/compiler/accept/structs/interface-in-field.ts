//> 3 10
//> none
import { print } from "xenlet:host";

interface Clock {
  now(): u64;
}
@struct
class Fixed implements Clock {
  time: u64 = 3;
  now(): u64 {
    return this.time;
  }
}
@struct
class Slow implements Clock {
  now(): u64 {
    return 10;
  }
}
@struct
class System {
  clock: Clock | null = null;
}
const fixed = new Fixed();
const slow = new Slow();
const system = new System();

export function main(): i32 {
  system.clock = fixed;
  const first = system.clock.now();
  system.clock = slow;
  print(`${first} ${system.clock?.now() ?? 0}`);
  system.clock = null;
  if (system.clock === null) print("none");
  return 0;
}
