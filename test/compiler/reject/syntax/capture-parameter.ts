type Step = (n: u32) => u32;
function adder(base: u32): Step {
  return (n) => n + base; // error XL1005
}
export function main(): i32 {
  return adder(1)(2) as i32;
}
