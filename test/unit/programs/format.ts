//> text and bytes, true, false
//> 0 7 10 18446744073709551615
//> 0 -1 127 -128 -9223372036854775808
//> 0 ff 00ff 123456789abcdef0 ffffffffffffffff 0000000000000001
import { print } from "xenlet:host";
import { format, type ByteSink } from "../../../kernel/lib/format.ts";

@struct
class Line implements ByteSink {
  readonly bytes = new FixedArray<u8, 200>();
  length: usize = 0;
  write(bytes: Slice<u8>): void {
    this.bytes.slice(this.length).copyFrom(bytes);
    this.length += bytes.length;
  }
}

function show(template: Template): void {
  const line = new Line();
  format(line, template);
  print(`${text(line.bytes.slice(0, line.length))}`);
}

export function main(): i32 {
  const bytes = "bytes".bytes();
  show(`text and ${text(bytes)}, ${bytes.length === 5}, ${bytes.length === 6}`);
  const none: u8 = 0;
  const seven: u16 = 7;
  const ten: u32 = 10;
  const most: u64 = 0xffffffffffffffff;
  show(`${none} ${seven} ${ten} ${most}`);
  const zero: i64 = 0;
  const minusOne: i32 = -1;
  const high: i8 = 127;
  const low: i8 = -128;
  const lowest: i64 = -0x8000000000000000;
  show(`${zero} ${minusOne} ${high} ${low} ${lowest}`);
  const wide: u64 = 0x123456789abcdef0;
  show(`${hex(zero)} ${hex(255)} ${hex(255, 4)} ${hex(wide)} ${hex(most)} ${hex(1, 99)}`);
  return 0;
}
