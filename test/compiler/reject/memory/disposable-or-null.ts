@struct class Lock {
  held: u32 = 0;
  [Symbol.dispose](): void {
    this.held = 0;
  }
}
function use(lock: Lock | null): void {
  using held = lock; // error XL4004
}
export function main(): i32 {
  use(null);
  return 0;
}
