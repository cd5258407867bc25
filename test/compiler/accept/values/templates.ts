//> u=1 s=-1 b=true t=abc e=2
//> 2a 002a ffffffffffffffff
//> bytes: hi
//> [inner 5] $5 `q`
//> plain
import { print } from "xenlet:host";

const enum Level {
  Low = 1,
  High,
}
function bracket(inner: Template): void {
  print(`[${inner}] $5 \`q\``);
}
export function main(): i32 {
  let u: u8 = 1;
  let s: i8 = -1;
  print(`u=${u} s=${s} b=${u === 1} t=${"abc"} e=${Level.High}`);
  let n: u32 = 42;
  let all: u64 = 0xffffffffffffffff;
  print(`${hex(n)} ${hex(n, 4)} ${hex(all, 2)}`);
  const bytes = new FixedArray<u8, 2>();
  bytes[0] = 104;
  bytes[1] = 105;
  print(`bytes: ${text(bytes)}`);
  bracket(`inner ${n - 37}`);
  print(`plain`);
  return 0;
}
