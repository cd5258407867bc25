//> 1 2 0
import { print } from "xenlet:host";

function command(text: string): u32 {
  switch (text) {
    case "help":
      return 1;
    case "halt":
      return 2;
    default:
      return 0;
  }
}
export function main(): i32 {
  print(`${command("help")} ${command("halt")} ${command("hel")}`);
  return 0;
}
