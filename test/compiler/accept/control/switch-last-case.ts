//> b or c
//> 2
import { print } from "xenlet:host";

const enum Step {
  A,
  B,
  C,
}

/** The last case needs no `break`. */
function act(step: Step): u32 {
  let done: u32 = 0;
  switch (step) {
    case Step.A:
      done = 1;
      break;
    case Step.B:
    case Step.C:
      print("b or c");
      done = 2;
  }
  return done;
}

export function main(): i32 {
  print(`${act(Step.C)}`);
  return 0;
}
