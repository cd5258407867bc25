@struct class Header {
  kind: u32 = 0;
}
@struct class Message {
  header = new Header(); // error XL3005
}
export function main(): i32 {
  const m = new Message();
  return m.header.kind as i32;
}
