@struct class Header {
  kind: u32 = 0;
}
@struct class Message {
  readonly header = new Header();
}
export function main(): i32 {
  const m = new Message();
  const h = new Header();
  m.header = h; // error TS2540
  return 0;
}
