/** Which console this domain has, and the log's way to it. */
import { sharedAt, symbolAddress } from "xenlet:unsafe";
import { bindTarget } from "../../arch/x86-xen/events.ts";
import { updateVaMapping } from "../../arch/x86-xen/hypercall/mmu.ts";
import { pageEntry, writable } from "../../arch/x86-xen/page-entry.ts";
import { hasConsoleRing } from "../../arch/x86-xen/start-info.ts";
import type { Console } from "../../dev/console.ts";
import * as log from "../../lib/log.ts";
import { toVirtAddr, type Mfn } from "../../xen-abi/addresses.ts";
import type { ConsoleInterface } from "../../xen-abi/console.ts";
import type { EventPort } from "../../xen-abi/event-channel.ts";
import { FlushMode, type StartInfo } from "../../xen-abi/xen.ts";
import { xenConsole } from "./console-io.ts";
import { RingConsole } from "./ring-console.ts";

/** The console that the domain's builder made (`start_info.console.domU`). */
export const firstConsole = new RingConsole();

/** Shows the log on the console ring, where there is one, everything said so far included. */
export function attachConsole(info: StartInfo): void {
  if (!hasConsoleRing(info)) return;
  const attached = attach(info.console.domU.mfn, info.console.domU.evtchn);
  if (attached.ok) log.addSink(firstConsole);
  else log.error(`console: ${attached.error}`);
}

function attach(frame: Mfn, port: EventPort): Result<undefined> {
  const window = symbolAddress("console_ring_page");
  const mapped = updateVaMapping(toVirtAddr(window), pageEntry(frame, writable), FlushMode.OnePage);
  if (!mapped.ok) return err("Xen does not map the console's frame");
  firstConsole.connect(sharedAt<ConsoleInterface>(window), port);
  return ok();
}

/** The console to talk through, awake whenever somebody types. Needs events. */
export function openConsole(): Console {
  const listening = firstConsole.isBroken ? xenConsole.listen() : bindTarget(firstConsole.port, firstConsole);
  if (!listening.ok) log.error(`console: no input: ${listening.error}`);
  return firstConsole.isBroken ? xenConsole : firstConsole;
}
