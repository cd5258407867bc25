type Step = (n: u32) => u32;
function run(step: Step): u32 {
  return step(1);
}
export function main(): i32 {
  let base: u32 = 5;
  base += 1;
  const x = run((n) => n + base); // error XL1005
  return x as i32;
}
