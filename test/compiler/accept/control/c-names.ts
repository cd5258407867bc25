//> 21 3 5
// Names that mean something in C are ordinary names here.
import { print } from "xenlet:host";

@struct
class int {
  long: u32 = 1;
  struct: u32 = 2;
  signed: u32 = 3;
}
function register(auto: u32, restrict: u32): u32 {
  const inline = auto + restrict;
  return inline;
}
function printf(unsigned: u32): u32 {
  let NULL: u32 = unsigned;
  let errno: u32 = 1;
  return NULL + errno;
}
function exit(double: u32): u32 {
  return double * 5;
}
export function main(): i32 {
  const i = new int();
  i.long = register(10, 11);
  print(`${i.long} ${printf(2)} ${exit(1)}`);
  return 0;
}
