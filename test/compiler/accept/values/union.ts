//> text abc
//> hex 255 2
//> empty
// A discriminated union is a value; TypeScript's narrowing says which shape it has.
import { print } from "xenlet:host";

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "hex"; readonly value: u64; readonly digits: u32 }
  | { readonly kind: "empty" };

function show(token: Token): void {
  switch (token.kind) {
    case "text":
      print(`text ${token.text}`);
      break;
    case "hex":
      print(`hex ${token.value} ${token.digits}`);
      break;
    case "empty":
      print("empty");
      break;
  }
}
export function main(): i32 {
  show({ kind: "text", text: "abc" });
  const token: Token = { kind: "hex", value: 255, digits: 2 };
  show(token);
  show({ kind: "empty" });
  return 0;
}
