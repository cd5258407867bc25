import { print } from "xenlet:host";
export function main(): i32 {
  const name = "a";
  const longer = name;
  const length = name.length; // error TS2339
  print(longer);
  return 0;
}
