function f(a: u32): u32 {
  const all = arguments; // error XL2002
  return a;
}
export function main(): i32 {
  return f(1) as i32;
}
