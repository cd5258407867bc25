/**
 * A driver for devices of a kind that only tests have: dom0 plays the back end by writing nodes. It does what drivers do, and
 * says what it is asked.
 */
import type { FrontKind, FrontKinds } from "../drivers/xenbus/bus/front-kinds.ts";
import type { FrontDriver, Refusal } from "../drivers/xenbus/bus/front-driver.ts";
import { DevicePort } from "../drivers/xenbus/bus/device-port.ts";
import type { FrontEnd } from "../drivers/xenbus/bus/front-end.ts";
import { SharedPages } from "../drivers/xenbus/bus/shared-pages.ts";
import type { XenstoreFault } from "../drivers/xenbus/xenstore/fault.ts";
import type { Store } from "../drivers/xenbus/xenstore/store.ts";
import * as log from "../lib/log.ts";
import { Owner } from "../mm/owner.ts";
import type { EventWork } from "../sched/event-task.ts";
import { portNumber } from "../xen-abi/event-channel.ts";
import { grantRefNumber } from "../xen-abi/grant-table.ts";
import { XenbusState } from "../xen-abi/xenbus.ts";

@struct
class TestDevice implements FrontDriver, EventWork {
  /** None: nobody has it. */
  front: FrontEnd | null = null;
  readonly ring = new SharedPages();
  readonly port = new DevicePort();
  size: u64 = 0;

  /** @blocks */
  negotiate(): Result<undefined, Refusal> {
    const front = this.front!;
    const order = front.readOptional(`ring-page-order`, 0, 4, 0);
    if (!order.ok) return err(order.error);
    const shared = this.ring.acquire(front, order.value as u32, Owner.Tests);
    if (!shared.ok) return shared;
    return this.port.openServed(front, "test device", this);
  }

  /** @blocks */
  publish(store: Store): Result<undefined, XenstoreFault> {
    const front = this.front!;
    const ref = front.write(store, `ring-ref`, `${grantRefNumber(this.ring.ref(0))}`);
    if (!ref.ok) return ref;
    return front.write(store, `event-channel`, `${portNumber(this.port.port)}`);
  }

  /** @blocks */
  connected(): Result<undefined, Refusal> {
    const size = this.front!.readNumber(`size`, 1, 1000000);
    if (!size.ok) return err(size.error);
    this.size = size.value;
    this.say(`connected, size ${this.size}`);
    return ok();
  }

  /** @blocks */
  changed(): void {
    const size = this.front!.readNumber(`size`, 1, 1000000);
    if (!size.ok || size.value === this.size) return;
    this.size = size.value;
    this.say(`changed, size ${this.size}`);
  }

  closing(): void {
    this.say(`closing`);
  }

  gone(): void {
    this.say(`gone`);
    this.front = null;
  }

  /** The back end rings: nothing is in the ring of this kind. */
  serve(): void {
    this.say(`rung`);
  }

  say(what: Template): void {
    log.info(`${text(this.front!.home.text())}: ${what}`);
  }
}

const devices = new FixedArray<TestDevice, 4>();

function attachTestDevice(front: FrontEnd): Result<FrontDriver> {
  for (const device of devices) {
    if (device.front !== null) continue;
    device.front = front;
    return ok(device);
  }
  return err("there are only four");
}

const testKinds: FixedArray<FrontKind, 2> = [
  { name: "test", published: XenbusState.Initialised, attach: attachTestDevice },
  { name: "test-net", published: XenbusState.Connected, attach: attachTestDevice },
];

/** Before the bus starts. */
export function offerTestKinds(kinds: FrontKinds): void {
  kinds.add(testKinds);
}
