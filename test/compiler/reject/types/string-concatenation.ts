import { print } from "xenlet:host";
export function main(): i32 {
  const name = "a";
  print(name + "b"); // error XL2010
  return 0;
}
