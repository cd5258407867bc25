//> 0 1 10 11
//> 1 11
import { print } from "xenlet:host";

const enum State {
  Unknown,
  Initialising,
  Connected = 10,
  Closing,
}
function number(state: State): u32 {
  return state;
}
export function main(): i32 {
  print(
    `${number(State.Unknown)} ${number(State.Initialising)} ${number(State.Connected)} ${number(State.Closing)}`,
  );
  let byte: u8 = State.Initialising;
  let made = 11 as State;
  print(`${byte} ${made}`);
  return 0;
}
