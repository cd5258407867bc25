// What `using` holds is a struct: the call on leaving the block is direct.
interface Closer {
  [Symbol.dispose](): void;
}
@struct class Box implements Closer {
  held: u32 = 0;
  [Symbol.dispose](): void {
    this.held = 0;
  }
}
function use(closer: Closer): void {
  using held = closer; // error XL4004
}
export function main(): i32 {
  const b = new Box();
  use(b);
  return b.held as i32;
}
