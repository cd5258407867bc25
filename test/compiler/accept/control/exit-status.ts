//> bye
//! exit 3
import { print } from "xenlet:host";

export function main(): i32 {
  print("bye");
  return 3;
}
