/** Grants of buffers' pages to one device's back end, by the numbers of the buffers. */
import { addressOf } from "xenlet:unsafe";
import { GrantAccess } from "../../../arch/x86-xen/grant-entries.ts";
import { frameAtAddress } from "../../../arch/x86-xen/kernel-frames.ts";
import type { PacketBuffer } from "../../../dev/packet.ts";
import { refOf, type Grant } from "../../../mm/grant-ledger.ts";
import { grants } from "../../../mm/grants.ts";
import { toVirtAddr } from "../../../xen-abi/addresses.ts";
import { domIdZero, type DomId } from "../../../xen-abi/domain.ts";
import type { GrantRef } from "../../../xen-abi/grant-table.ts";
import type { PageAccess } from "./page-access.ts";

/** A buffer is with one device at a time. */
const given = new FixedArray<Grant, 256>();

@struct
export class BufferGrants implements PageAccess {
  peer: DomId = domIdZero;

  /** @allocates */
  give(buffer: PacketBuffer, isWritable: boolean): boolean {
    const frame = frameAtAddress(toVirtAddr(addressOf(buffer.memory!)));
    const grant = grants.give(frame, this.peer, isWritable ? GrantAccess.ReadWrite : GrantAccess.ReadOnly);
    if (!grant.ok) return false;
    given[buffer.number] = grant.value;
    return true;
  }

  refOf(buffer: PacketBuffer): GrantRef {
    return refOf(given[buffer.number]);
  }

  end(buffer: PacketBuffer): boolean {
    return grants.end(take(given[buffer.number]));
  }
}
