import { print } from "xenlet:host";
function work(): Result<u32> {
  return ok(1);
}
export function main(): i32 {
  work(); // error XL2028
  const kept = work(); // error XL2028
  print("done");
  return 0;
}
