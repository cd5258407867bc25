import { print } from "xenlet:host";
export function main(): i32 {
  print("a"), print("b"); // error XL1002
  return 0;
}
