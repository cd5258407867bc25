function f(n: u32): u16 {
  if (n > 4) return 1;
  return true; // error TS2322
}
export function main(): i32 {
  return f(1);
}
