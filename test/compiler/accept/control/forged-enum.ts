// An enum that was forged by a cast matches no case of an exhaustive switch: that is noticed where it happens.
import { print } from "xenlet:host";

const enum State {
  Idle,
  Busy,
}
function name(state: State): string {
  // prettier-ignore
  switch (state) { // stops: unreachable code was reached
    case State.Idle:
      return "idle";
    case State.Busy:
      return "busy";
  }
}
export function main(): i32 {
  let raw: u32 = 7;
  print(name(raw as State));
  return 0;
}
