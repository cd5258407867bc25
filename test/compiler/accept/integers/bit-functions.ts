//> 3 64 0
//> 4 63 7
//> 13330 305419896 1
//> 65280 7 131
//> 18446744073709551614
import { print } from "xenlet:host";

export function main(): i32 {
  let a: u32 = 0b10101;
  let all: u64 = 0xffffffffffffffff;
  let none: u8 = 0;
  print(`${popCount(a)} ${popCount(all)} ${popCount(none)}`);
  let b: u32 = 0xf0;
  let top: u64 = 0x8000000000000000;
  print(`${lowestBit(b)} ${lowestBit(top)} ${highestBit(b)}`);
  let c: u16 = 0x1234;
  let d: u32 = 0x78563412;
  let e: u64 = 0x0100000000000000;
  print(`${byteSwap(c)} ${byteSwap(d)} ${byteSwap(e)}`);
  let f: u16 = 0x00ff;
  let g: u8 = 0b11000001;
  print(`${rotateLeft(f, 8)} ${rotateLeft(g, 2)} ${rotateLeft(g, 65)}`);
  print(`${multiplyHigh(all, all)}`);
  return 0;
}
