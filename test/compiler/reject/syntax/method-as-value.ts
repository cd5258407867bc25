type Step = (n: u32) => u32;
@struct class Adder {
  base: u32 = 1;
  add(n: u32): u32 {
    return n + this.base;
  }
}
function run(step: Step): u32 {
  return step(1);
}
export function main(): i32 {
  const a = new Adder();
  return run(a.add) as i32; // error XL1007
}
