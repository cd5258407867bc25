function f(a: u32) { // error XL2003
  return a;
}
export function main(): i32 {
  return f(1) as i32;
}
