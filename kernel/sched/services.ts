/** The domain's orderly end: whoever has something to finish is asked to, before it comes. */
import { powerOff, reboot } from "../arch/x86-xen/shutdown.ts";
import * as log from "../lib/log.ts";

/** Why the domain ends: what the toolstack makes of it. */
export const enum Ending {
  Poweroff,
  Reboot,
}

/** Something that runs as long as the domain does. */
export interface Service {
  /** For the log. */
  title(): string;
  /** Finishes what it does, and comes back within seconds: the domain ends soon. @blocks */
  stop(): void;
}

const serviceLimit = 16;
const services = new FixedArray<Service | null, 16>();
let serviceCount: usize = 0;
let isEnding: boolean = false;

/** Has `service` stopped before the domain ends, and before all those that were added earlier; false where the list is full. */
export function stopBeforeEnd(service: Service): boolean {
  if (serviceCount >= serviceLimit) return false;
  services[serviceCount] = service;
  serviceCount++;
  return true;
}

/** Stops every service, the youngest first, and ends the domain. Asked a second time meanwhile, it ends it at once. @blocks */
export function endDomain(ending: Ending): never {
  if (!isEnding) {
    isEnding = true;
    while (serviceCount > 0) {
      serviceCount--;
      const service = services[serviceCount];
      if (service === null) continue;
      log.debug(`stopping ${service.title()}`);
      service.stop();
    }
  }
  if (ending === Ending.Reboot) reboot();
  powerOff();
}
