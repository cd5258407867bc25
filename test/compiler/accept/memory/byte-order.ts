//> 513 258 67305985 16909060
//> 578437695752307201 72623859790382856
//> 2 1 4 3 1 2 3 4
//> 8 7 6 5 4 3 2 1
//> 33 50
import { print } from "xenlet:host";

function show(b: Slice<u8>): void {
  print(`${b[0]} ${b[1]} ${b[2]} ${b[3]} ${b[4]} ${b[5]} ${b[6]} ${b[7]}`);
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 8>();
  for (let i: usize = 0; i < bytes.length; i++) bytes[i] = (i as u8) + 1;
  print(`${bytes.readU16le(0)} ${bytes.readU16be(0)} ${bytes.readU32le(0)} ${bytes.readU32be(0)}`);
  print(`${bytes.readU64le(0)} ${bytes.readU64be(0)}`);
  const out = new FixedArray<u8, 8>();
  out.writeU16le(0, 0x0102);
  out.writeU16le(2, 0x0304);
  out.writeU32be(4, 0x01020304);
  show(out);
  out.writeU64le(0, 0x0102030405060708);
  show(out);
  out.writeU16be(1, 0x2132);
  print(`${out[1]} ${out[2]}`);
  return 0;
}
