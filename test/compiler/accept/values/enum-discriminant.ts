//> 7
//> 16
import { print } from "xenlet:host";

const enum Kind {
  Word = 3,
  Pair = 9,
}
type Item =
  | { readonly kind: Kind.Word; readonly value: u32 }
  | { readonly kind: Kind.Pair; readonly low: u8; readonly high: u8 };

function total(item: Item): u32 {
  switch (item.kind) {
    case Kind.Word:
      return item.value;
    case Kind.Pair:
      return (item.low as u32) + item.high;
  }
}
export function main(): i32 {
  print(`${total({ kind: Kind.Word, value: 7 })}`);
  print(`${total({ kind: Kind.Pair, low: 6, high: 10 })}`);
  return 0;
}
