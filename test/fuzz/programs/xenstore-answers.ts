/** Every judge of what xenstored sends, with bytes of any kind; what they let pass is what they promise. */
import {
  parseDecimal,
  parseTransaction,
  parseWatchEvent,
} from "../../../kernel/drivers/xenbus/xenstore/answers.ts";
import { takePart } from "../../../kernel/drivers/xenbus/xenstore/directory-part.ts";
import { faultNamed } from "../../../kernel/drivers/xenbus/xenstore/fault.ts";
import { Names } from "../../../kernel/drivers/xenbus/xenstore/names.ts";
import { isAtOrBelow, judgePath } from "../../../kernel/drivers/xenbus/xenstore/path.ts";
import {
  accessLetter,
  parsePermissions,
  Permission,
} from "../../../kernel/drivers/xenbus/xenstore/permission.ts";
import { indexOf } from "../../../kernel/lib/bytes.ts";

const permissions = new FixedArray<Permission, 8>();
const copyOfInput = new FixedArray<u8, 4096>();
let seen: u64 = 0;

export function LLVMFuzzerTestOneInput(input: Slice<u8>): i32 {
  if (input.length > copyOfInput.length) return 0;
  seen += faultNamed(input) as u64;
  const event = parseWatchEvent(input);
  if (event.ok) assert(indexOf(event.value.path, 0) === event.value.path.length, "a path has no zero");
  if (parseDecimal(input).ok) assert(input.length > 0 && input.length < 4096, "a number has digits");
  const transaction = parseTransaction(input);
  if (transaction.ok) assert(transaction.value !== 0, "a transaction has a number");
  const count = parsePermissions(input, permissions);
  if (count.ok)
    for (const one of permissions.slice(0, count.value)) seen += accessLetter(one.access).bytes().length;
  if (judgePath(input).ok) assert(isAtOrBelow(input, input), "a path is at itself");
  const half = input.length / 2;
  if (isAtOrBelow(input, input.slice(0, half))) seen++;
  walk(input);
  cutPart(input);
  return 0;
}

function walk(input: Slice<u8>): void {
  const names = new Names(input);
  let bytes: usize = 0;
  while (names.next()) bytes += names.name.length + 1;
  assert(bytes === input.length || bytes === input.length + 1, "names are the bytes between zeros");
}

function cutPart(input: Slice<u8>): void {
  copyOfInput.copyFrom(input);
  const part = takePart(copyOfInput.slice(0, input.length));
  if (part.ok) assert(part.value.length < input.length, "a part is longer than its names");
}
