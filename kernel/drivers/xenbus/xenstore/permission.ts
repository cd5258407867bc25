/** Who may do what with a node. */
import { domIdZero, toDomId, type DomId } from "../../../xen-abi/domain.ts";
import { parseDecimal } from "./answers.ts";
import { XenstoreFault } from "./fault.ts";
import { Names } from "./names.ts";

/** The letters of the protocol (xenstore.txt, `<perm-as-string>`). */
export const enum Access {
  None = 0x6e,
  Read = 0x72,
  Write = 0x77,
  Both = 0x62,
}

/** The first of a node's permissions names its owner, and what those may whom no other one names. */
@struct
export class Permission {
  access: Access = Access.None;
  domain: DomId = domIdZero;
}

/** The letter of `access`, as the protocol spells it. */
export function accessLetter(access: Access): string {
  switch (access) {
    case Access.None:
      return "n";
    case Access.Read:
      return "r";
    case Access.Write:
      return "w";
    case Access.Both:
      return "b";
  }
}

/** How many permissions there are in the answer to GET_PERMS; they are put into `into`. */
export function parsePermissions(answer: Slice<u8>, into: Slice<Permission>): Result<usize, XenstoreFault> {
  const names = new Names(answer);
  let count: usize = 0;
  while (names.next()) {
    if (count === into.length) return err(XenstoreFault.AnswerTooLong);
    const parsed = parsePermission(names.name, into[count]);
    if (!parsed.ok) return err(parsed.error);
    count++;
  }
  return ok(count);
}

function parsePermission(letters: Slice<u8>, into: Permission): Result<undefined, XenstoreFault> {
  if (letters.length === 0) return err(XenstoreFault.BadAnswer);
  switch (letters[0]) {
    case Access.None:
    case Access.Read:
    case Access.Write:
    case Access.Both:
      into.access = letters[0] as Access;
      break;
    default:
      return err(XenstoreFault.BadAnswer);
  }
  const domain = parseDecimal(letters.slice(1));
  if (!domain.ok || !fits<u16>(domain.value)) return err(XenstoreFault.BadAnswer);
  into.domain = toDomId(domain.value as u16);
  return ok();
}
