import { print } from "xenlet:host";
export function main(): i32 {
  let a: u32 = 1;
  switch (a) {
    case 1: // error TS7029
      print("one");
    case 2:
      print("two");
      break;
    default:
      break;
  }
  return 0;
}
