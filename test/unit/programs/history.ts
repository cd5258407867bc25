//> 0: []
//> 3: [abc]
//> 8192 kept from 0 on
//> from 1 on: b to a
//> from 1809 on, in order
import { print } from "xenlet:host";
import { History } from "../../../kernel/lib/history.ts";

function letter(n: u64): u8 {
  return (0x61 + (n % 26)) as u8;
}

export function main(): i32 {
  const history = new History();
  print(`${history.written}: [${text(history.piece(0, 0))}]`);
  history.append("abc".bytes());
  print(`${history.written}: [${text(history.piece(0, 3))}]`);

  const one = new FixedArray<u8, 1>();
  while (history.written < 8192) {
    one[0] = letter(history.written);
    history.append(one);
  }
  print(`${history.piece(0, history.written).length} kept from ${history.oldest()} on`);
  one[0] = 0x61;
  history.append(one);
  const first = history.piece(history.oldest(), history.written).slice(0, 1);
  const last = history.piece(history.written - 1, history.written);
  print(`from ${history.oldest()} on: ${text(first)} to ${text(last)}`);

  const other = new History();
  while (other.written < 10001) {
    one[0] = letter(other.written);
    other.append(one);
  }
  let place: u64 = other.oldest();
  let inOrder = true;
  while (place < other.written) {
    for (const byte of other.piece(place, other.written)) {
      if (byte !== letter(place)) inOrder = false;
      place++;
    }
  }
  print(`from ${other.oldest()} on, ${inOrder ? "in order" : "out of order"}`);
  return 0;
}
