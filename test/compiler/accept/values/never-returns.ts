//> about to stop
import { print } from "xenlet:host";

type Step = { readonly run: () => void };

function stop(): never {
  const places = new FixedArray<u32, 2>();
  for (let at: usize = 0; ; at++) places[at] = 1; // stops: index out of bounds
}

const steps: FixedArray<Step, 2> = [{ run: announce }, { run: stop }];

function announce(): void {
  print("about to stop");
}

/** What never returns can stand for what returns nothing. */
export function main(): i32 {
  for (const step of steps) {
    const run = step.run;
    run();
  }
  return 0;
}
