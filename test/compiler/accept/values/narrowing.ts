//> 5
//> 0
import { print } from "xenlet:host";

type Shape = { readonly kind: "dot" } | { readonly kind: "line"; readonly length: u32 };

function length(shape: Shape): u32 {
  if (shape.kind === "line") return shape.length;
  return 0;
}
function make(n: u32): Shape {
  if (n === 0) return { kind: "dot" };
  return { kind: "line", length: n };
}
export function main(): i32 {
  print(`${length(make(5))}`);
  print(`${length(make(0))}`);
  return 0;
}
