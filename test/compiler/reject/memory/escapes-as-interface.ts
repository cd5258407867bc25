interface Sink {
  write(n: u32): void;
}
@struct class Box implements Sink {
  held: u32 = 0;
  write(n: u32): void {
    this.held = n;
  }
}
let sink: Sink | null = null;
export function main(): i32 {
  const b = new Box();
  sink = b; // error XL4003
  return sink === null ? 0 : 1;
}
