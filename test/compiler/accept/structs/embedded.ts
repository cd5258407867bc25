//> 3 4 7 8
import { print } from "xenlet:host";

@struct
class Header {
  kind: u16 = 3;
  length: u16 = 4;
}
@struct({ size: 8 })
class Message {
  readonly header = new Header();
  body: u32 = 7;
}
function grow(header: Header): void {
  header.length *= 2;
}
export function main(): i32 {
  const m = new Message();
  const before = m.header.length;
  grow(m.header);
  print(`${m.header.kind} ${before} ${m.body} ${m.header.length}`);
  return 0;
}
