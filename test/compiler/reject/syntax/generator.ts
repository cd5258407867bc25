export function* numbers(): any { // error XL1001
  yield 1;
}
export function main(): i32 {
  return 0;
}
