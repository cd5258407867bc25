// TypeScript takes a field that holds a function; xenlet wants a method.
function close(): void {}
@struct class Box {
  held: u32 = 0;
  [Symbol.dispose]: () => void = close; // error XL1001
}
export function main(): i32 {
  const b = new Box();
  return b.held as i32;
}
