//> tab[	] quote["] backslash[\] percent[%d] question[??/]
//> 4 0 255
//> line one
//> line two
//> 😀 ÿ1
import { print } from "xenlet:host";

export function main(): i32 {
  print('tab[\t] quote["] backslash[\\] percent[%d] question[??/]');
  const odd = "a\0\u00ff".bytes();
  print(`${odd.length} ${odd[1]} ${(odd[3] as u32) + 64}`);
  print("line one\nline two");
  print("\u{1F600} \xff1");
  return 0;
}
