/** The domain's end, with the reason that the toolstack acts on. */
import * as log from "../../lib/log.ts";
import { ShutdownReason } from "../../xen-abi/sched.ts";
import { requestShutdown, yieldCpu } from "./hypercall/sched.ts";

/** All is done: everything that was said leaves the domain first. */
export function powerOff(): never {
  log.drain();
  end(ShutdownReason.Poweroff);
}

/** As `powerOff`, but the toolstack starts the domain again. */
export function reboot(): never {
  log.drain();
  end(ShutdownReason.Reboot);
}

/** Something is broken. Nothing is waited for: whoever reports has done that. */
export function crash(): never {
  end(ShutdownReason.Crash);
}

/** Xen never refuses these reasons; were it to, there is nothing better to do than to ask again. */
function end(reason: ShutdownReason): never {
  for (;;) {
    requestShutdown(reason);
    yieldCpu();
  }
}
