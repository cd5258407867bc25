/** From start_info to a conversation with xenstored. */
import { sharedAt, symbolAddress } from "xenlet:unsafe";
import { updateVaMapping } from "../../../arch/x86-xen/hypercall/mmu.ts";
import { pageEntry, writable } from "../../../arch/x86-xen/page-entry.ts";
import { hasStoreRing } from "../../../arch/x86-xen/start-info.ts";
import * as log from "../../../lib/log.ts";
import { toVirtAddr } from "../../../xen-abi/addresses.ts";
import { FlushMode, type StartInfo } from "../../../xen-abi/xen.ts";
import type { StoreInterface } from "../../../xen-abi/xs-wire.ts";
import { connection, startClient } from "./client.ts";
import { Phase } from "./connection.ts";
import { startWatchTask } from "./watch-task.ts";

/**
 * Connects with xenstored, where this domain has one; what is asked without is `Absent`. Waits for nothing. Needs the
 * scheduler. After a restore, with the new start_info, it connects again: whoever waits for an answer gets `Disconnected`,
 * and all watches are set again.
 */
export function attachXenstore(info: StartInfo): void {
  if (!hasStoreRing(info)) return;
  const attached = attach(info);
  if (!attached.ok) log.error(`xenstore: ${attached.error}`);
}

function attach(info: StartInfo): Result<undefined> {
  const isFirstTime = connection.phase === Phase.Absent;
  const window = symbolAddress("store_ring_page");
  const mapped = updateVaMapping(toVirtAddr(window), pageEntry(info.storeMfn, writable), FlushMode.OnePage);
  if (!mapped.ok) return err("Xen does not map the ring's frame");
  const started = startClient(sharedAt<StoreInterface>(window), info.storeEvtchn);
  if (!started.ok) return started;
  return isFirstTime ? startWatchTask() : ok();
}
