import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct
class Page {
  readonly bytes = new FixedArray<u8, 4>();
}
const memory = new Page();
function take(page: Shared<Page>, target: Slice<u8>, from: usize): void {
  page.bytes.copyTo(target, from); // stops: range out of bounds
}
export function main(): i32 {
  const page = sharedAt<Page>(addressOf(memory));
  const two = new FixedArray<u8, 2>();
  take(page, two, 2);
  take(page, two, 3);
  print("not reached");
  return 0;
}
