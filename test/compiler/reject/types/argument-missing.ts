function f(a: u32, b: u32): u32 {
  return a + b;
}
export function main(): i32 {
  return f(1) as i32; // error TS2554
}
