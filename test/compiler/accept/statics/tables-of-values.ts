//> help: 1
//> halt: 2
// A table of records, with functions in it, is static memory.
import { print } from "xenlet:host";

type Command = { readonly name: string; readonly run: () => u32 };
function help(): u32 {
  return 1;
}
const commands: FixedArray<Command, 2> = [
  { name: "help", run: help },
  { name: "halt", run: () => 2 },
];
export function main(): i32 {
  for (const command of commands) print(`${command.name}: ${command.run()}`);
  return 0;
}
