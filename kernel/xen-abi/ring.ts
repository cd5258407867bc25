/** io/ring.h: a ring of slots that two domains share. Requests go one way, and each is answered in a slot of the same ring. */

/** The most pages of a ring that a protocol of ours negotiates. */
export const maxRingPages = 16;

/**
 * What lies before the slots of every ring (`DEFINE_RING_TYPES`). Indices only grow, wrap at 32 bits, and are masked when
 * they are used.
 * @xen blkif_sring io/blkif.h
 * @until ring
 */
@struct({ size: 64 })
export class RingHead {
  /** How many requests the front end has put in. */
  @offset(0) reqProd: u32 = 0;
  /** At which `reqProd` the back end wants to be told. */
  @offset(4) reqEvent: u32 = 0;
  /** How many responses the back end has put in. */
  @offset(8) rspProd: u32 = 0;
  /** At which `rspProd` the front end wants to be told. */
  @offset(12) rspEvent: u32 = 0;
  /** For the protocol, which hardly any uses. */
  @offset(16) readonly pvt = new FixedArray<u8, 4>();
  /** @xen __pad */
  @offset(20) readonly pad = new FixedArray<u8, 44>();
}

/**
 * The two indices of one direction: what its producer says, and when its consumer wants to be told.
 * @xen none half of RingHead's indices
 */
@struct({ size: 8 })
export class RingDirection {
  @offset(0) prod: u32 = 0;
  @offset(4) event: u32 = 0;
}
