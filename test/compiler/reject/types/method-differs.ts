interface Sink {
  write(n: u32): void;
}
@struct class Box implements Sink {
  held: u8 = 0;
  write(n: u8): void { // error XL2035
    this.held = n;
  }
}
function use(sink: Sink): void {
  sink.write(1);
}
export function main(): i32 {
  const b = new Box();
  use(b);
  return 0;
}
