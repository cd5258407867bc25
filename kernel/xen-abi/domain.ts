/** xen.h: domains by number. In a file of its own, since headers that xen.h needs name domains as well. */

/** A domain's number. */
export type DomId = Nominal<u16, "DomId">;
/** The first domain, and what a field holds before Xen fills it. */
export const domIdZero: DomId = 0 as DomId;
/** `DOMID_SELF`: whoever asks. */
export const domIdSelf: DomId = 0x7ff0 as DomId;

export function domIdNumber(domain: DomId): u16 {
  return domain as u16;
}

export function toDomId(number: u16): DomId {
  return number as DomId;
}
