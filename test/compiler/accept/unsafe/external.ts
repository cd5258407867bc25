//> 42
// A function of assembly, or of C: declared with its machine types.
import { print } from "xenlet:host";
import { ptr } from "xenlet:unsafe";

/** @export labs */
declare function magnitude(n: i64): i64;

export function main(): i32 {
  const bytes = ptr<u8>(0);
  print(`${bytes.address === 0 ? magnitude(-42) : 0}`);
  return 0;
}
