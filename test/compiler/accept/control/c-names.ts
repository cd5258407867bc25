//> 21 3 5 9
// Names that mean something in C are ordinary names here.
import { print } from "xenlet:host";

@struct
class int {
  long: u32 = 1;
  struct: u32 = 2;
  signed: u32 = 3;
}
interface Adder {
  add(self: u32): u32;
}
@struct
class Sum implements Adder {
  total: u32 = 4;
  add(self: u32): u32 {
    this.total += self;
    return this.total;
  }
}
function through(adder: Adder): u32 {
  return adder.add(5);
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
  const self = new Sum();
  print(`${i.long} ${printf(2)} ${exit(1)} ${through(self)}`);
  return 0;
}
