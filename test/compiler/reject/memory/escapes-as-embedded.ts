@struct class Header {
  kind: u32 = 0;
}
@struct class Message {
  readonly header = new Header();
}
function make(): Header {
  const m = new Message();
  return m.header; // error XL4003
}
export function main(): i32 {
  return make().kind as i32;
}
