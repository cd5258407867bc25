//> 0: []
//> 3: [abc]
//> 4096 kept, 0 forgotten
//> 4096 kept, 1 forgotten, from b to a
//> 4096 kept, 905 forgotten, in order
import { print } from "xenlet:host";
import { History } from "../../../kernel/lib/history.ts";

function letter(n: u64): u8 {
  return (0x61 + (n % 26)) as u8;
}

export function main(): i32 {
  const history = new History();
  print(`${history.written}: [${text(history.older())}]`);
  history.append("abc".bytes());
  print(`${history.written}: [${text(history.older())}${text(history.newer())}]`);

  const one = new FixedArray<u8, 1>();
  while (history.written < 4096) {
    one[0] = letter(history.written);
    history.append(one);
  }
  print(`${history.older().length + history.newer().length} kept, ${history.forgotten()} forgotten`);
  one[0] = 0x61;
  history.append(one);
  const kept: u64 = history.older().length + history.newer().length;
  const first = history.older().slice(0, 1);
  const last = history.newer().slice(history.newer().length - 1);
  print(`${kept} kept, ${history.forgotten()} forgotten, from ${text(first)} to ${text(last)}`);

  const other = new History();
  while (other.written < 5001) {
    one[0] = letter(other.written);
    other.append(one);
  }
  let expected: u64 = other.forgotten();
  let inOrder = true;
  for (const byte of other.older()) {
    if (byte !== letter(expected)) inOrder = false;
    expected++;
  }
  for (const byte of other.newer()) {
    if (byte !== letter(expected)) inOrder = false;
    expected++;
  }
  const shown: u64 = other.older().length + other.newer().length;
  print(`${shown} kept, ${other.forgotten()} forgotten, ${inOrder ? "in order" : "out of order"}`);
  return 0;
}
