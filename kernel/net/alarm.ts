/** How the stack, which only knows the time that it is told, asks to be called again. */

/** A time that does not come. */
export const never: u64 = 0xffffffffffffffff;

export interface Alarm {
  /** `NetworkStack.tick` is to be called at `deadline` (system time in ns) or soon after. */
  callAt(deadline: u64): void;
}
