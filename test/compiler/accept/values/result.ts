//> 7
//> error: not a digit
import { print } from "xenlet:host";

function digit(byte: u8): Result<u32> {
  if (byte < 48 || byte > 57) return err("not a digit");
  return ok((byte - 48) as u32);
}
function show(result: Result<u32>): void {
  if (result.ok) print(`${result.value}`);
  else print(`error: ${result.error}`);
}
export function main(): i32 {
  show(digit(55));
  show(digit(20));
  return 0;
}
