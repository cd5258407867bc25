type Bits = Flags<u32, u32>; // error XL2033
function low(bits: Bits): u32 {
  return bits;
}
export function main(): i32 {
  return low(1) as i32;
}
