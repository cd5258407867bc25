//> test=panic
//> flag
//> root=/dev/xvda1
//> name=two words
//> quoted word
//> empty=
//> twice=a=b
//> open=to the end
//> ---
import { print } from "xenlet:host";
import { CommandLine } from "../../../kernel/lib/command-line.ts";

function show(line: string): void {
  const words = new CommandLine(line.bytes());
  while (words.next()) print(`${text(words.key)}${words.hasValue ? "=" : ""}${text(words.value)}`);
}

export function main(): i32 {
  show('  test=panic flag\troot=/dev/xvda1 name="two words" "quoted word" empty= twice=a=b open="to the end');
  show("");
  show("   ");
  print("---");
  return 0;
}
