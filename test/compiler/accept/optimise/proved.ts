//> 17 12 6 513 30 2
// What can be proved runs without its checks, and gives the same.
import { print } from "xenlet:host";

function pairs(bytes: Slice<u8>): u32 {
  let total: u32 = 0;
  for (let i: usize = 0; i + 1 < bytes.length; i += 2) total += bytes.readU16be(i);
  return total & 0xff;
}
function both(a: Slice<u8>, b: Slice<u8>): u32 {
  assert(a.length <= b.length, "as many of b as of a");
  let total: u32 = 0;
  for (const [i, value] of a.entries()) total += value + b[i];
  return total;
}
function consume(bytes: Slice<u8>): u32 {
  let rest = bytes;
  let total: u32 = 0;
  while (rest.length >= 2) {
    total += rest[1];
    rest = rest.slice(2);
  }
  return total;
}
function header(bytes: Slice<u8>): u32 {
  if (bytes.length < 4) return 0;
  const body = bytes.slice(2);
  return bytes.readU16le(0) + body[1] - body[1];
}
function table(values: FixedArray<u32, 4>, mask: u32): u32 {
  let total: u32 = 0;
  let bits = mask & 0xf;
  while (bits !== 0) {
    total += values[lowestBit(bits)];
    bits &= bits - 1;
  }
  return total;
}
function lastNonZero(bytes: Slice<u8>): usize {
  let i = bytes.length;
  while (i > 0) {
    i--;
    if (bytes[i] !== 0) return i;
  }
  return 0;
}
export function main(): i32 {
  const bytes: FixedArray<u8, 6> = [1, 2, 3, 0, 0, 4];
  const three: FixedArray<u8, 3> = [1, 2, 3];
  const words: FixedArray<u32, 4> = [10, 0, 20, 0];
  print(
    `${pairs(bytes) + 11} ${both(three, three)} ${consume(bytes)} ${header(bytes)} ${table(words, 0xff5)} ${lastNonZero(three)}`,
  );
  return 0;
}
