//> 5 dot
//> 6
// A value type as a field of a struct: assigned as a whole.
import { print } from "xenlet:host";

type Shape = { readonly kind: "dot" } | { readonly kind: "line"; readonly length: u32 };
type Pair = { readonly a: u32; readonly b: u32 };

@struct
class Holder {
  shape: Shape = { kind: "dot" };
  pair: Pair = { a: 2, b: 3 };
}
function name(shape: Shape): string {
  return shape.kind === "dot" ? "dot" : "line";
}
export function main(): i32 {
  const h = new Holder();
  print(`${h.pair.a + h.pair.b} ${name(h.shape)}`);
  h.shape = { kind: "line", length: 6 };
  if (h.shape.kind === "line") print(`${h.shape.length}`);
  return 0;
}
