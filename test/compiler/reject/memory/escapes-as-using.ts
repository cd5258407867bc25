@struct class Lock {
  held: u32 = 0;
  [Symbol.dispose](): void {
    this.held = 0;
  }
}
function take(): Lock {
  using lock = new Lock();
  return lock; // error XL4003
}
export function main(): i32 {
  return take().held as i32;
}
