const enum State {
  Idle,
  Busy = 300,
}
function low(state: State): u8 {
  return state; // error XL2007
}
export function main(): i32 {
  let b: u8 = State.Busy; // error XL2008
  return low(State.Idle) as i32;
}
