/** callback.h: where Xen enters the guest. */
import { noVirtAddr, type VirtAddr } from "./addresses.ts";

/** `CALLBACKOP_*`. */
export const enum CallbackOp {
  Register = 0,
}

/** `CALLBACKTYPE_*`. */
export const enum CallbackType {
  Event = 0,
  /** Xen could not go back to the guest as the guest wanted. */
  Failsafe = 1,
  /** A non-maskable interrupt: a watchdog, or `xl trigger`. */
  Nmi = 4,
}

/** `CALLBACKF_*`. */
export const enum CallbackFlag {
  MaskEvents = 1,
}

/** @xen callback_register callback.h */
@struct({ size: 16 })
export class CallbackRegister {
  @offset(0) type: u16 = 0;
  @offset(2) flags: u16 = 0;
  @offset(8) address: VirtAddr = noVirtAddr;
}
