/** What each slot of a device's two rings stands for. All zero at first, so that it takes no room in the image. */
import type { PacketBuffer } from "../../../dev/packet.ts";

/** Slots of a ring of one page, of requests of up to 14 bytes. */
export const slotLimit = 256;

/** A request to send that the back end has not answered. */
@struct
export class SentSlot {
  /** The piece, null where the number is free; and the frame that it is of. */
  piece: PacketBuffer | null = null;
  frame: PacketBuffer | null = null;
  /** The free number after this one. */
  nextFree: u16 = 0;
}

@struct
export class DeviceSlots {
  /** By the ids of requests to send. */
  readonly sent = new FixedArray<SentSlot, 256>();
  /** The page in each slot of the receive ring: a response comes in the slot of its request. */
  readonly pages = new FixedArray<PacketBuffer | null, 256>();
}
