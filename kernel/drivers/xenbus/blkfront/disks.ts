/** The disks that there are: those of the bus that were ever connected. */
import { wakeAll } from "../../../sched/scheduler.ts";
import { XenbusState } from "../../../xen-abi/xenbus.ts";
import type { FrontDriver } from "../bus/front-driver.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import type { FrontKind, FrontKinds } from "../bus/front-kinds.ts";
import { parseDecimal } from "../xenstore/answers.ts";
import { Blkfront } from "./blkfront.ts";

/** Disks that there can be at once. */
export const diskLimit = 16;
const homeStart = "device/vbd/";

/** A place without a front end is free. */
const places = new FixedArray<Blkfront, 16>();

const diskKinds: FixedArray<FrontKind, 1> = [
  { name: "vbd", published: XenbusState.Initialised, attach: attachDisk },
];

/** From now on disks have a driver. */
export function offerDisks(kinds: FrontKinds): void {
  kinds.add(diskKinds);
}

/** @allocates */
function attachDisk(front: FrontEnd): Result<FrontDriver> {
  const number = parseDecimal(front.home.text().slice(homeStart.bytes().length));
  if (!number.ok) return err("its name is no number");
  for (const disk of places) {
    if (disk.front !== null) continue;
    const begun = disk.begin(front, number.value);
    return begun.ok ? ok(disk) : err(begun.error);
  }
  return err("no room for another disk");
}

/** The disk in a place, if one is there that tasks can use. */
export function diskAt(place: usize): Blkfront | null {
  const disk = places[place];
  return disk.isKnown ? disk : null;
}

/** The disk of that name, which stays until it is closed, even where the device goes away. */
export function openDisk(name: Slice<u8>): Blkfront | null {
  for (const disk of places) {
    if (!disk.isKnown || !disk.name().equals(name)) continue;
    disk.users++;
    return disk;
  }
  return null;
}

export function closeDisk(disk: Blkfront): void {
  assert(disk.users > 0, "it is open");
  disk.users--;
  wakeAll(disk.news);
}
