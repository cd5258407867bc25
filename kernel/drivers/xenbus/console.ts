/** Which console this domain has, and the log's way to it. */
import { hasConsoleRing } from "../../arch/x86-xen/start-info.ts";
import type { Console } from "../../dev/console.ts";
import * as log from "../../lib/log.ts";
import type { StartInfo } from "../../xen-abi/xen.ts";
import { xenConsole } from "./console-io.ts";
import { consoleRing } from "./console-ring.ts";

/** Shows the log on the console ring, where there is one, everything said so far included. */
export function attachConsole(info: StartInfo): void {
  if (!hasConsoleRing(info)) return;
  const attached = consoleRing.attach(info.console.domU.mfn, info.console.domU.evtchn);
  if (attached.ok) log.addSink(consoleRing);
  else log.error(`console: ${attached.error}`);
}

/** The console to talk through, awake whenever somebody types. Needs events. */
export function openConsole(): Console {
  const listening = consoleRing.broken ? xenConsole.listen() : consoleRing.listen();
  if (!listening.ok) log.error(`console: no input: ${listening.error}`);
  return consoleRing.broken ? xenConsole : consoleRing;
}
