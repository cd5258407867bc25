//> 1 3 10
import { print } from "xenlet:host";

function f(n: u64): u32 {
  let out: u32 = 0;
  switch (n) {
    case 0x8000000000000001:
      out = 1;
      break;
    case 2:
    case 3: {
      const twice = n * 2;
      if (twice === 4) break;
      out = 3;
      break;
    }
    default:
      out = 10;
  }
  return out;
}
export function main(): i32 {
  print(`${f(0x8000000000000001)} ${f(3) + f(2)} ${f(9)}`);
  return 0;
}
