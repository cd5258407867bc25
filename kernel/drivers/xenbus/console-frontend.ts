/**
 * Consoles beside the first one: devices of the kind `console`, which xl's `channel=` makes (xen/io/console.h; the nodes are
 * `ring-ref` and `port`). Each is a console of its own, found by the number of its device.
 */
import { addressOf, sharedAt } from "xenlet:unsafe";
import type { Console } from "../../dev/console.ts";
import { Owner } from "../../mm/owner.ts";
import type { ConsoleInterface } from "../../xen-abi/console.ts";
import { portNumber } from "../../xen-abi/event-channel.ts";
import { grantRefNumber } from "../../xen-abi/grant-table.ts";
import { XenbusState } from "../../xen-abi/xenbus.ts";
import { DevicePort } from "./bus/device-port.ts";
import type { FrontDriver, Refusal } from "./bus/front-driver.ts";
import type { FrontEnd } from "./bus/front-end.ts";
import type { FrontKind, FrontKinds } from "./bus/front-kinds.ts";
import { SharedPages } from "./bus/shared-pages.ts";
import { RingConsole } from "./ring-console.ts";
import type { XenstoreFault } from "./xenstore/fault.ts";
import type { Store } from "./xenstore/store.ts";

@struct
class ConsoleFrontEnd implements FrontDriver {
  /** None: nobody has it. */
  front: FrontEnd | null = null;
  readonly page = new SharedPages();
  readonly port = new DevicePort();
  readonly console = new RingConsole();
  isConnected: boolean = false;

  /** One page, and a port; the console begins where a fresh page is, at nothing. @blocks */
  negotiate(): Result<undefined, Refusal> {
    const front = this.front!;
    const shared = this.page.acquire(front, 0, Owner.Console);
    if (!shared.ok) return shared;
    const opened = this.port.open(front, this.console);
    if (!opened.ok) return opened;
    this.console.connect(sharedAt<ConsoleInterface>(addressOf(this.page.memory())), this.port.port);
    return ok();
  }

  /** @blocks */
  publish(store: Store): Result<undefined, XenstoreFault> {
    const front = this.front!;
    const ref = front.write(store, `ring-ref`, `${grantRefNumber(this.page.ref(0))}`);
    if (!ref.ok) return ref;
    return front.write(store, `port`, `${portNumber(this.port.port)}`);
  }

  connected(): Result<undefined, Refusal> {
    this.isConnected = true;
    return ok();
  }

  changed(): void {}

  closing(): void {
    this.isConnected = false;
    this.console.disconnect();
  }

  gone(): void {
    this.front = null;
  }
}

const consoles = new FixedArray<ConsoleFrontEnd, 4>();

function attachConsoleDevice(front: FrontEnd): Result<FrontDriver> {
  for (const console of consoles) {
    if (console.front !== null) continue;
    console.front = front;
    return ok(console);
  }
  return err("there is room for four consoles beside the first");
}

const consoleKinds: FixedArray<FrontKind, 1> = [
  { name: "console", published: XenbusState.Initialised, attach: attachConsoleDevice },
];

/** Before the bus starts. */
export function offerConsoles(kinds: FrontKinds): void {
  kinds.add(consoleKinds);
}

/** The console of that device, "device/console/1"; null where there is none, or nobody serves it. */
export function findConsole(home: string): Console | null {
  for (const candidate of consoles) {
    const front = candidate.front;
    if (front === null || !candidate.isConnected) continue;
    if (front.home.text().equals(home.bytes())) return candidate.console;
  }
  return null;
}
