import { print } from "xenlet:host";
export function main(): i32 {
  let i = 0; // error XL2004
  let j = 1 << 4; // error XL2004
  i = 4;
  print(`${j}`);
  return 0;
}
