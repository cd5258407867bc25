//> true
// What the banner of a program can say of how it was compiled.
import { print } from "xenlet:host";

export function main(): i32 {
  const bytes = buildInfo.bytes();
  print(`${bytes.length > 10}`);
  return 0;
}
