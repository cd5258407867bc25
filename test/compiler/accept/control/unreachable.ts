//> 2
import { print } from "xenlet:host";

type Side = { readonly kind: "left" } | { readonly kind: "right" };
function number(side: Side): u32 {
  switch (side.kind) {
    case "left":
      return 1;
    case "right":
      return 2;
    default:
      return unreachable(side);
  }
}
export function main(): i32 {
  print(`${number({ kind: "right" })}`);
  return 0;
}
