const enum State {
  Idle,
  Busy,
}
function of(state: State): u32 {
  switch (state) {
    case State.Idle:
      return 1;
    case State.Idle: // error XL2044
      return 2;
    case State.Busy:
      return 3;
  }
}
export function main(): i32 {
  return of(State.Idle) as i32;
}
