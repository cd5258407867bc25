interface Sink {
  write(n: u32): void;
}
@struct class Box {
  held: u32 = 0;
  write(n: u32): void {
    this.held = n;
  }
}
function use(sink: Sink): void {
  sink.write(1);
}
export function main(): i32 {
  const b = new Box();
  use(b); // error XL2034
  return 0;
}
