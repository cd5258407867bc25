//> 17
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

type Port = Nominal<u32, "Port">;
@struct
class Info {
  port: Port = 17 as Port;
}
const memory = new Info();

export function main(): i32 {
  const info = sharedAt<Info>(addressOf(memory));
  const port = info.port.load("relaxed");
  print(`${port as u32}`);
  return 0;
}
