//> abc 3 true false
//> 6 195 164
//> x
// A string is static UTF-8 text; `===` compares its bytes.
import { print } from "xenlet:host";

function same(a: string, b: string): boolean {
  return a === b;
}
export function main(): i32 {
  const text = "abc";
  print(`${text} ${text.bytes().length} ${same("abc", text)} ${same("abc", "abd")}`);
  const umlaut = "äöü".bytes();
  print(`${umlaut.length} ${umlaut[0]} ${umlaut[1]}`);
  let name = "y";
  if (name !== "x") name = "x";
  print(name);
  return 0;
}
