//> -22
//> ok
import { print } from "xenlet:host";

type Errno = Nominal<i32, "Errno">;

function call(good: boolean): Result<undefined, Errno> {
  if (!good) return err(-22 as Errno);
  return ok();
}
export function main(): i32 {
  const bad = call(false);
  if (!bad.ok) print(`${bad.error as i32}`);
  const good = call(true);
  if (good.ok) print("ok");
  return 0;
}
