//> 9 -1
import { print } from "xenlet:host";

type Maybe = { readonly present: true; readonly value: i32 } | { readonly present: false };

function find(key: u32): Maybe {
  return key === 1 ? { present: true, value: 9 } : { present: false };
}
function orMinus(found: Maybe): i32 {
  return found.present ? found.value : -1;
}
export function main(): i32 {
  print(`${orMinus(find(1))} ${orMinus(find(2))}`);
  return 0;
}
