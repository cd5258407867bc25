function use(thing: Disposable): void {
  using held = thing; // error XL4004
}
export function main(): i32 {
  return 0;
}
