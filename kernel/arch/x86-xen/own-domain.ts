/** Which domain this is. */
import { domIdSelf, type DomId } from "../../xen-abi/domain.ts";
import type { Errno } from "../../xen-abi/errno.ts";
import { EventStatus } from "../../xen-abi/event-channel.ts";
import { allocateUnbound, closeChannel, readPortStatus } from "./hypercall/events.ts";

/**
 * This domain's number, which Xen tells a paravirtualized guest only in passing: of a port that waits for DOMID_SELF, it
 * says by number who may bind to it. Differs after the domain was restored.
 */
export function ownDomain(): Result<DomId, Errno> {
  const port = allocateUnbound(domIdSelf);
  if (!port.ok) return err(port.error);
  const status = new EventStatus();
  const known = readPortStatus(port.value, status);
  const closed = closeChannel(port.value);
  assert(closed.ok, "the port was made just now");
  return known.ok ? ok(status.interdomain.dom) : err(known.error);
}
