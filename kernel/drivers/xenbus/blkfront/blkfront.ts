/**
 * The front end of a disk (io/blkif.h): what it does in the order of the protocol, and what tasks ask of it. Answers are taken
 * by the tasks that wait for them: an event only wakes those up.
 */
import { MaskedEvents, type EventTarget } from "../../../arch/x86-xen/events.ts";
import {
  BlockFault,
  judgeRequest,
  type BlockDevice,
  type BlockOperation,
  type BlockTicket,
  type DiskShape,
} from "../../../dev/block.ts";
import * as log from "../../../lib/log.ts";
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { Owner } from "../../../mm/owner.ts";
import { waitShielded, wakeAll } from "../../../sched/scheduler.ts";
import { TaskList, WakeSource } from "../../../sched/task.ts";
import { never } from "../../../sched/timer-heap.ts";
import { portNumber, type EventPort } from "../../../xen-abi/event-channel.ts";
import { grantRefNumber } from "../../../xen-abi/grant-table.ts";
import { DevicePort } from "../bus/device-port.ts";
import type { FrontDriver, Refusal } from "../bus/front-driver.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import { SharedPages } from "../bus/shared-pages.ts";
import type { XenstoreFault } from "../xenstore/fault.ts";
import type { Store } from "../xenstore/store.ts";
import { diskDepth } from "./chunk.ts";
import { DataGrants } from "./data-grants.ts";
import { nameDisk } from "./disk-name.ts";
import {
  chooseFlush,
  chooseRingOrder,
  chooseSegments,
  describeShapeFault,
  judgeShape,
} from "./disk-offer.ts";
import { DiskQueue, type BadAnswer } from "./disk-queue.ts";
import { RequestState } from "./disk-request.ts";
import { DiskTables } from "./disk-tables.ts";

const anyNumber: u64 = 0xffffffffffffffff;

@struct
export class Blkfront implements FrontDriver, BlockDevice, EventTarget {
  /** Null: nobody has this place. */
  front: FrontEnd | null = null;
  number: u64 = 0;
  readonly label = new TextBuffer<16>();
  readonly tables = new DiskTables();
  readonly requests = new DiskQueue();
  readonly ringPages = new SharedPages();
  readonly dataGrants = new DataGrants();
  readonly port = new DevicePort();
  ringOrder: u32 = 0;
  disk: DiskShape = { sectors: 0, blockBytes: 512, isReadOnly: false, isRemovable: false, isCdrom: false };
  /** Connected at least once: tasks can find it. */
  isKnown: boolean = false;
  /** The device is no more, or its back end was refused: requests fail. */
  isGone: boolean = false;
  /** Tasks that have it open. */
  users: u32 = 0;
  events: u64 = 0;
  notifications: u64 = 0;
  /** Tasks that wait for an answer, for a free place, or for the last user to leave. */
  readonly news = new TaskList("a disk", WakeSource.Events);

  // What the bus asks.

  /** Takes over a place for the device `device/vbd/<number>`. @allocates */
  begin(front: FrontEnd, number: u64): Result<undefined> {
    const made = this.tables.allocate();
    if (!made.ok) return err("out of memory");
    this.front = front;
    this.isKnown = false;
    this.isGone = false;
    this.number = number;
    nameDisk(number, this.label);
    this.requests.requests.start(this.tables.requests());
    this.requests.chunks.start(this.tables.chunks());
    return ok();
  }

  /** @blocks */
  negotiate(): Result<undefined, Refusal> {
    const front = this.front!;
    this.isGone = false;
    const order = front.readOptional(`max-ring-page-order`, 0, anyNumber, 0);
    if (!order.ok) return err(order.error);
    this.ringOrder = chooseRingOrder(order.value);
    const shared = this.ringPages.acquire(front, this.ringOrder, Owner.Block);
    if (!shared.ok) return shared;
    this.requests.ring.startFront(this.ringPages.memory());
    this.dataGrants.start(front, this.tables.pages());
    this.requests.pages.start(this.tables.pages(), this.dataGrants);
    return this.port.open(front, this);
  }

  /** @blocks */
  publish(store: Store): Result<undefined, XenstoreFault> {
    const front = this.front!;
    const refs = this.ringOrder === 0 ? this.publishRef(store) : this.publishRefs(store);
    if (!refs.ok) return refs;
    const port = front.write(store, `event-channel`, `${portNumber(this.port.port)}`);
    if (!port.ok) return port;
    const protocol = front.write(store, `protocol`, `x86_64-abi`);
    if (!protocol.ok) return protocol;
    return front.write(store, `feature-persistent`, `1`);
  }

  /** @blocks */
  publishRef(store: Store): Result<undefined, XenstoreFault> {
    return this.front!.write(store, `ring-ref`, `${grantRefNumber(this.ringPages.ref(0))}`);
  }

  /** @blocks */
  publishRefs(store: Store): Result<undefined, XenstoreFault> {
    const front = this.front!;
    for (let page: u64 = 0; page < this.ringPages.granted; page++) {
      const ref = front.write(store, `ring-ref${page}`, `${grantRefNumber(this.ringPages.ref(page))}`);
      if (!ref.ok) return ref;
    }
    return front.write(store, `ring-page-order`, `${this.ringOrder}`);
  }

  /** @blocks */
  connected(): Result<undefined, Refusal> {
    const front = this.front!;
    const flush = front.readOptional(`feature-flush-cache`, 0, 1, 0);
    if (!flush.ok) return err(flush.error);
    const barrier = front.readOptional(`feature-barrier`, 0, 1, 0);
    if (!barrier.ok) return err(barrier.error);
    const indirect = front.readOptional(`feature-max-indirect-segments`, 0, anyNumber, 0);
    if (!indirect.ok) return err(indirect.error);
    const shape = this.readShape();
    if (!shape.ok) return err(shape.error);
    this.disk = shape.value;
    this.requests.open({
      handle: this.number as u16,
      maxSegments: chooseSegments(indirect.value),
      flush: chooseFlush(flush.value, barrier.value),
    });
    this.isKnown = true;
    this.describe("connected");
    this.serve(); // what an earlier back end left unanswered
    wakeAll(this.news);
    return ok();
  }

  /** @blocks */
  changed(): void {
    const shape = this.readShape();
    if (!shape.ok) return;
    const before = this.disk.sectors;
    this.disk = shape.value;
    if (before !== this.disk.sectors) this.describe("has another size");
  }

  /** @blocks */
  closing(): void {
    this.requests.close();
    if (this.front!.isRefused) this.fail();
  }

  /** @blocks */
  gone(): void {
    this.fail();
    if (this.isKnown) log.info(`${text(this.label.text())}: gone`);
    this.isKnown = false;
    while (this.users > 0) waitShielded(this.news, never);
    this.tables.release();
    this.front = null;
  }

  /** What the back end says of the disk now. @blocks */
  readShape(): Result<DiskShape, Refusal> {
    const front = this.front!;
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

  describe(what: string): void {
    const shape = this.disk;
    const mode = shape.isReadOnly ? ", read-only" : "";
    const kind = shape.isCdrom ? ", CD-ROM" : shape.isRemovable ? ", removable" : "";
    log.info(
      `${text(this.label.text())}: ${what}: ${shape.sectors} sectors, blocks of ${shape.blockBytes} bytes${mode}${kind}`,
    );
  }

  /** Every request has failed, and those that come will. */
  fail(): void {
    this.isGone = true;
    this.requests.failAll();
    wakeAll(this.news);
  }

  /** @interrupt */
  rang(port: EventPort): void {
    this.events++;
    wakeAll(this.news);
  }

  // What tasks ask.

  name(): Slice<u8> {
    return this.label.text();
  }

  shape(): DiskShape {
    return this.disk;
  }

  depth(): u32 {
    return diskDepth;
  }

  /** @blocks */
  queue(operation: BlockOperation, sector: u64, buffer: Slice<u8>): Result<BlockTicket, BlockFault> {
    const judged = judgeRequest(this.disk, operation, sector, buffer.length);
    if (!judged.ok) return err(judged.error);
    while (this.requests.requests.isFull() && !this.isGone) {
      this.start();
      waitShielded(this.news, never);
    }
    if (this.isGone) return err(BlockFault.Gone);
    return ok(this.requests.requests.add(operation, sector, buffer));
  }

  start(): void {
    if (!this.requests.issue()) return;
    this.notifications++;
    this.port.ring();
  }

  /** @blocks */
  wait(ticket: BlockTicket): Result<undefined, BlockFault> {
    const request = this.requests.requests.find(ticket);
    for (this.serve(); request.state !== RequestState.Done; this.serve()) this.sleep();
    const wasFull = this.requests.requests.isFull();
    const outcome = this.requests.requests.take(request);
    if (wasFull) wakeAll(this.news);
    return outcome;
  }

  /** Takes what was answered, and sends what there is room for now. @blocks */
  serve(): void {
    const finished = this.requests.finished;
    const collected = this.requests.collect();
    if (!collected.ok) this.refuse(collected.error);
    this.start();
    if (this.requests.finished !== finished) wakeAll(this.news); // others wait as well
  }

  /** Waits for news, unless there is an answer by now. @blocks */
  sleep(): void {
    using masked = new MaskedEvents();
    if (this.requests.hasNone()) waitShielded(this.news, never);
  }

  /** The back end has answered what it cannot. @blocks */
  refuse(answer: BadAnswer): void {
    const front = this.front!;
    this.requests.close();
    switch (answer.kind) {
      case "index":
        front.refuse(
          `${answer.fault.index}: expected ${answer.fault.least} to ${answer.fault.most}, got ${answer.fault.got}`,
        );
        break;
      case "id":
        front.refuse(`response: expected the id of a request, got 0x${hex(answer.got)}`);
        break;
      case "operation":
        front.refuse(`response: expected operation ${answer.expected}, got ${answer.got}`);
        break;
    }
  }
}
