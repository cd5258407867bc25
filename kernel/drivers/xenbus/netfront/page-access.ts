/** How a back end is let into a buffer's page: for each use anew, so that what was received can change no more. */
import type { PacketBuffer } from "../../../dev/packet.ts";
import type { GrantRef } from "../../../xen-abi/grant-table.ts";

export interface PageAccess {
  /** The back end may read the page, or also write it, until `end`. False where no reference is to be had. @allocates */
  give(buffer: PacketBuffer, isWritable: boolean): boolean;
  /** What the back end is told of a page that it is let into. */
  refOf(buffer: PacketBuffer): GrantRef;
  /** Whether the back end is out of the page for good; otherwise it still uses it, against the protocol. */
  end(buffer: PacketBuffer): boolean;
}
