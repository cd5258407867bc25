function f(a): u32 { // error TS7006
  return 1;
}
export function main(): i32 {
  return f(1) as i32;
}
