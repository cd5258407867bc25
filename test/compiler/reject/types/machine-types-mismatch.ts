type Step = (n: u8) => u8;
function wide(n: u32): u32 {
  return n;
}
export function main(): i32 {
  const step: Step = wide; // error XL2005
  return step(1) as i32;
}
