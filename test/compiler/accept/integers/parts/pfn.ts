/** A pseudo-physical frame number. */
export type Pfn = Nominal<u64, "Pfn">;

export function pfn(value: u64): Pfn {
  return value as Pfn;
}
export function addressOfFrame(frame: Pfn): u64 {
  return (frame as u64) << 12;
}
