function f(a: u32): u32 {
  return a;
}
export function main(): i32 {
  return f(1, 2) as i32; // error TS2554
}
