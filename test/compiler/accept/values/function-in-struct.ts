//> 25
import { print } from "xenlet:host";

@struct
class Driver {
  probe: (n: u32) => u32 = (n) => n;
}
export function main(): i32 {
  const driver = new Driver();
  driver.probe = (n) => n * n;
  print(`${driver.probe(5)}`);
  return 0;
}
