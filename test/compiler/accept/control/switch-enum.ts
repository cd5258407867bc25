//> idle
//> busy or gone
//> busy or gone
import { print } from "xenlet:host";

const enum State {
  Idle,
  Busy = 5,
  Gone,
}
function name(state: State): string {
  switch (state) {
    case State.Idle:
      return "idle";
    case State.Busy:
    case State.Gone:
      return "busy or gone";
  }
}
export function main(): i32 {
  print(name(State.Idle));
  print(name(State.Busy));
  print(name(State.Gone));
  return 0;
}
