/** A disk's nodes in xenstore (io/blkif.h): what the front end writes into its directory, and what it reads of the back end's. */
import type { DiskShape } from "../../../dev/block.ts";
import { portNumber, type EventPort } from "../../../xen-abi/event-channel.ts";
import { grantRefNumber } from "../../../xen-abi/grant-table.ts";
import type { Refusal } from "../bus/front-driver.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import type { SharedPages } from "../bus/shared-pages.ts";
import type { XenstoreFault } from "../xenstore/fault.ts";
import type { Store } from "../xenstore/store.ts";
import {
  chooseFlush,
  chooseRingOrder,
  chooseSegments,
  describeShapeFault,
  judgeShape,
  wantedRingOrder,
} from "./disk-offer.ts";
import type { DiskTerms } from "./disk-queue.ts";

const anyNumber: u64 = 0xffffffffffffffff;

/** The order of the ring that is to be made. @blocks */
export function readRingOrder(front: FrontEnd): Result<u32, Refusal> {
  const most = front.readOptional(`max-ring-page-order`, 0, anyNumber, 0);
  if (!most.ok) return err(most.error);
  return ok(chooseRingOrder(most.value));
}

/** What the back end can do. It has written all of it when it is Connected. @blocks */
export function readTerms(front: FrontEnd, handle: u16): Result<DiskTerms, Refusal> {
  const flush = front.readOptional(`feature-flush-cache`, 0, 1, 0);
  if (!flush.ok) return err(flush.error);
  const barrier = front.readOptional(`feature-barrier`, 0, 1, 0);
  if (!barrier.ok) return err(barrier.error);
  const indirect = front.readOptional(`feature-max-indirect-segments`, 0, anyNumber, 0);
  if (!indirect.ok) return err(indirect.error);
  const maxSegments = chooseSegments(indirect.value);
  return ok({ handle, maxSegments, flush: chooseFlush(flush.value, barrier.value) });
}

/** What the back end says of the disk now. @blocks */
export function readShape(front: FrontEnd): Result<DiskShape, Refusal> {
  const sectors = front.readNumber(`sectors`, 0, anyNumber);
  if (!sectors.ok) return err(sectors.error);
  const size = front.readNumber(`sector-size`, 0, anyNumber);
  if (!size.ok) return err(size.error);
  const info = front.readNumber(`info`, 0, anyNumber);
  if (!info.ok) return err(info.error);
  const shape = judgeShape(sectors.value, size.value, info.value);
  if (shape.ok) return ok(shape.value);
  const what = describeShapeFault(shape.error);
  return err(front.refuse(`${what}, got sectors ${sectors.value}, sector-size ${size.value}`));
}

/** Where the ring and the port are. @blocks */
export function publishRing(
  front: FrontEnd,
  store: Store,
  pages: SharedPages,
  order: u32,
  eventPort: EventPort,
): Result<undefined, XenstoreFault> {
  const refs = order === 0 ? publishRef(front, store, pages) : publishRefs(front, store, pages, order);
  if (!refs.ok) return refs;
  const port = front.write(store, `event-channel`, `${portNumber(eventPort)}`);
  if (!port.ok) return port;
  const protocol = front.write(store, `protocol`, `x86_64-abi`);
  if (!protocol.ok) return protocol;
  return front.write(store, `feature-persistent`, `1`);
}

/**
 * A ring of one page. What an earlier connection has said of a larger one goes: back ends look at the numbered nodes first.
 * @blocks
 */
function publishRef(front: FrontEnd, store: Store, pages: SharedPages): Result<undefined, XenstoreFault> {
  const home = text(front.home.text());
  for (let page: u64 = 0; page < 1 << wantedRingOrder; page++) {
    const stale = store.remove(`${home}/ring-ref${page}`);
    if (!stale.ok) return stale;
  }
  const order = store.remove(`${home}/ring-page-order`);
  if (!order.ok) return order;
  return front.write(store, `ring-ref`, `${grantRefNumber(pages.ref(0))}`);
}

/** @blocks */
function publishRefs(
  front: FrontEnd,
  store: Store,
  pages: SharedPages,
  order: u32,
): Result<undefined, XenstoreFault> {
  for (let page: u64 = 0; page < pages.granted; page++) {
    const ref = front.write(store, `ring-ref${page}`, `${grantRefNumber(pages.ref(page))}`);
    if (!ref.ok) return ref;
  }
  return front.write(store, `ring-page-order`, `${order}`);
}
