/** The console of the first domain: Xen's own, byte by byte through a hypercall. */
import { earlyConsole } from "../../arch/x86-xen/early-console.ts";
import { bindHandler, MaskedEvents } from "../../arch/x86-xen/events.ts";
import { bindVirq, block, readXenConsole } from "../../arch/x86-xen/hypercall.ts";
import type { Console } from "../../dev/console.ts";
import type { EventPort } from "../../xen-abi/event-channel.ts";
import { Virq } from "../../xen-abi/xen.ts";

@struct
export class XenConsole implements Console {
  /** Bytes have arrived since the last read. */
  rang: boolean = false;

  /** Has Xen wake the domain up when bytes arrive. Needs events. */
  listen(): Result<undefined> {
    const bound = bindVirq(Virq.Console, 0);
    if (!bound.ok) return err("Xen does not give its console's interrupt away");
    return bindHandler(bound.value, bytesArrived);
  }

  write(bytes: Slice<u8>): void {
    earlyConsole.write(bytes);
  }

  read(into: Slice<u8>): usize {
    this.rang = false;
    const taken = readXenConsole(into);
    return taken.ok ? min<usize>(taken.value, into.length) : 0;
  }

  /** @blocks */
  wait(): void {
    using masked = new MaskedEvents();
    if (!this.rang) block();
  }
}

export const xenConsole = new XenConsole();

function bytesArrived(port: EventPort): void {
  xenConsole.rang = true;
}
