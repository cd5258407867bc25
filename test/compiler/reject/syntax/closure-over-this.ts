type Step = (n: u32) => u32;
@struct class Adder {
  base: u32 = 1;
  step(): Step {
    return (n) => n + this.base; // error XL1001
  }
}
export function main(): i32 {
  const a = new Adder();
  return a.step()(1) as i32;
}
