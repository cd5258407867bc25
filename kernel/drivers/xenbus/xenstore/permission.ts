/** Who may do what with a node. */
import { domIdZero, type DomId } from "../../../xen-abi/domain.ts";

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
