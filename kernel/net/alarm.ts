/** How the stack, which only knows the time that it is told, asks to be called again. */
export interface Alarm {
  /** `NetworkStack.tick` is to be called at `deadline` (system time in ns) or soon after. */
  callAt(deadline: u64): void;
}
