function same<T>(value: T): T {
  return value;
}
type Step = (n: u32) => u32;
function run(step: Step): u32 {
  return step(1);
}
export function main(): i32 {
  return run(same) as i32; // error XL1008
}
