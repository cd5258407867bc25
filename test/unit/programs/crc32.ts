//> 00000000, of nothing
//> cbf43926, of the check value's text
//> in pieces: cbf43926
import { print } from "xenlet:host";
import { Crc32 } from "../../../kernel/lib/crc32.ts";

export function main(): i32 {
  const crc = new Crc32();
  print(`${hex(crc.sum(), 8)}, of nothing`);
  crc.add("123456789".bytes());
  print(`${hex(crc.sum(), 8)}, of the check value's text`);
  const pieces = new Crc32();
  pieces.add("12345".bytes());
  pieces.add("6789".bytes());
  print(`in pieces: ${hex(pieces.sum(), 8)}`);
  return 0;
}
