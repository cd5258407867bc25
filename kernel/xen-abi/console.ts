/** io/console.h: the page that a guest shares with its console's back end. */

export const consoleInBytes = 1024;
export const consoleOutBytes = 2048;

/**
 * Two byte rings. Indices only grow, and are masked when they are used; the producer owns `*Prod`, the consumer `*Cons`.
 * @xen xencons_interface io/console.h
 */
@struct({ size: 3088 })
export class ConsoleInterface {
  /** Towards the guest. @xen in */
  @offset(0) readonly input = new FixedArray<u8, 1024>();
  /** From the guest. @xen out */
  @offset(1024) readonly output = new FixedArray<u8, 2048>();
  @offset(3072) inCons: u32 = 0;
  @offset(3076) inProd: u32 = 0;
  @offset(3080) outCons: u32 = 0;
  @offset(3084) outProd: u32 = 0;
}
