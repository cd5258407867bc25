/**
 * The front end of a disk (io/blkif.h): what the bus has it do, in the order of the protocol, and what tasks ask of it. Answers
 * are taken by the tasks that wait for them: an event only wakes those up.
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
import type { EventPort } from "../../../xen-abi/event-channel.ts";
import { DevicePort } from "../bus/device-port.ts";
import type { FrontDriver, Refusal } from "../bus/front-driver.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import { SharedPages } from "../bus/shared-pages.ts";
import type { XenstoreFault } from "../xenstore/fault.ts";
import type { Store } from "../xenstore/store.ts";
import { diskDepth } from "./chunk.ts";
import { DataGrants } from "./data-grants.ts";
import { nameDisk } from "./disk-name.ts";
import { publishRing, readRingOrder, readShape, readTerms } from "./disk-nodes.ts";
import { DiskQueue, type BadAnswer } from "./disk-queue.ts";
import { RequestState } from "./disk-request.ts";
import { DiskTables } from "./disk-tables.ts";

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
    const order = readRingOrder(front);
    if (!order.ok) return err(order.error);
    this.ringOrder = order.value;
    const shared = this.ringPages.acquire(front, this.ringOrder, Owner.Block);
    if (!shared.ok) return shared;
    this.requests.ring.startFront(this.ringPages.memory());
    this.dataGrants.start(front, this.tables.pages());
    this.requests.pages.start(this.tables.pages(), this.dataGrants);
    return this.port.open(front, this);
  }

  /** @blocks */
  publish(store: Store): Result<undefined, XenstoreFault> {
    return publishRing(this.front!, store, this.ringPages, this.ringOrder, this.port.port);
  }

  /** @blocks */
  connected(): Result<undefined, Refusal> {
    const front = this.front!;
    const terms = readTerms(front, this.number as u16);
    if (!terms.ok) return err(terms.error);
    const shape = readShape(front);
    if (!shape.ok) return err(shape.error);
    this.disk = shape.value;
    this.requests.open(terms.value);
    this.isKnown = true;
    this.describe("connected");
    this.serve(); // what an earlier back end left unanswered
    wakeAll(this.news);
    return ok();
  }

  /** @blocks */
  changed(): void {
    const shape = readShape(this.front!);
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
