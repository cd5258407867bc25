//> 7 14 2 true
import { print } from "xenlet:host";
import { base, double as twice, type Unit } from "./parts/numbers.ts";
import * as numbers from "./parts/numbers.ts";

function amount(unit: Unit): u32 {
  return unit.count;
}
export function main(): i32 {
  const unit: Unit = { count: 2 };
  print(`${base} ${twice(base)} ${amount(unit)} ${numbers.double(2) === 4}`);
  return 0;
}
