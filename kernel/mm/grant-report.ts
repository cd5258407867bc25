/** Who can reach which of our pages: the monitor's `grants`. */
import type { Printer } from "../lib/printer.ts";
import { toPfn } from "../xen-abi/addresses.ts";
import { domIdNumber } from "../xen-abi/domain.ts";
import { reservedGrants, toGrantRef } from "../xen-abi/grant-table.ts";
import { foreignWindows, grants, grantTable } from "./grants.ts";
import { frames } from "./memory.ts";
import { ownerCount, ownerName, type Owner } from "./owner.ts";

/** Peers that have lines of their own; the others share one. */
const peerLimit = 8;

/** What one peer has of us. */
@struct
class PeerShare {
  domain: u16 = 0;
  grants: u32 = 0;
  readOnly: u32 = 0;
  inUse: u32 = 0;
  /** Places that it may fill with pages of its own. */
  offers: u32 = 0;
}

/** Prints the table, what each peer has, and whose pages these are. Busy grants are looked at again first. */
export function printGrants(printer: Printer): void {
  const ended = grants.lookAgain(grants.busy);
  const table = grantTable;
  if (table.pages === 0) printer.print("no grant yet: the table begins with the first one");
  else
    printer.print(
      `grant table version ${table.version}: ${table.pages} pages of ${table.limit}, ${table.references()} references, ${table.statusPages} pages of status`,
    );
  printer.print(
    `${grants.inUse} grants in use, ${grants.peak} at most; ${grants.busy} busy, ${ended} of them ended just now; ${grants.delayed} ended late, ${grants.failed} refused`,
  );
  printPeers(printer);
  printOwners(printer);
  const windows = foreignWindows;
  printer.print(
    `${popCount(windows.used)} windows onto ${windows.pageCount()} pages of other domains, ${windows.peak} at most`,
  );
}

function printPeers(printer: Printer): void {
  const shares = new FixedArray<PeerShare, 9>(); // the last one is the others'
  let known: usize = 0;
  const entries = grantTable.entries();
  for (let number: u32 = reservedGrants; number < grants.records.length; number++) {
    if (!grants.isGranted(number)) continue;
    const ref = toGrantRef(number);
    const domain = domIdNumber(entries.peerOf(ref));
    let at: usize = 0;
    while (at < known && shares[at].domain !== domain) at++;
    const share = shares[at];
    if (at === known && known < peerLimit) {
      known++;
      share.domain = domain;
    }
    if (entries.isOffer(ref)) {
      share.offers++;
      continue;
    }
    share.grants++;
    if (entries.isReadOnly(ref)) share.readOnly++;
    if (entries.isUsed(ref)) share.inUse++;
  }
  for (const share of shares.slice(0, known)) {
    if (share.grants > 0)
      printer.print(
        `  domain ${share.domain}: ${share.grants} grants, ${share.readOnly} of them read-only; uses ${share.inUse}`,
      );
    if (share.offers > 0)
      printer.print(`  domain ${share.domain}: ${share.offers} places for pages that it may give`);
  }
  const others = shares[peerLimit];
  if (others.grants > 0) printer.print(`  other domains: ${others.grants} grants; use ${others.inUse}`);
}

/** Whose pages are granted: what does not end here is a leak of its owner. */
function printOwners(printer: Printer): void {
  const counts = new FixedArray<u32, 19>();
  const entries = grantTable.entries();
  for (let number: u32 = reservedGrants; number < grants.records.length; number++) {
    if (grants.isGranted(number) && !entries.isOffer(toGrantRef(number)))
      counts[frames.ownerOf(toPfn(grants.records[number].frame))]++;
  }
  for (let number: u32 = 0; number < ownerCount; number++) {
    if (counts[number] > 0)
      printer.print(`  pages of ${ownerName(number as Owner)}: ${counts[number]} grants`);
  }
}
