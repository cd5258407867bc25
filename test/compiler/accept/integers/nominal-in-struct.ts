//> 7 9
import { print } from "xenlet:host";

type GrantRef = Nominal<u32, "GrantRef">;

@struct({ size: 8 })
class Grant {
  reference: GrantRef = 0 as GrantRef;
  flags: u32 = 0;
}
export function main(): i32 {
  const grant = new Grant();
  grant.reference = 7 as GrantRef;
  grant.flags = 9;
  print(`${grant.reference as u32} ${grant.flags}`);
  return 0;
}
