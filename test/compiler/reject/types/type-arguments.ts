@struct class Cell<T> {
  readonly value = new FixedArray<T, 2>();
}
export function main(): i32 {
  const c = new Cell(); // error XL2042
  return 0;
}
