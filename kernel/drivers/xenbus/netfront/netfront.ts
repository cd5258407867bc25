/** A network device's front end (io/netif.h), from negotiation to the day it is unplugged. */
import { systemTime } from "../../../arch/x86-xen/system-time.ts";
import { noMac, parseMac, type MacAddress } from "../../../dev/mac-address.ts";
import { NetFeature, type NetClient, type NetDevice } from "../../../dev/net.ts";
import type { PacketBuffer } from "../../../dev/packet.ts";
import { BufferWait, type BufferTarget, type PacketPool } from "../../../dev/packet-pool.ts";
import * as log from "../../../lib/log.ts";
import type { Printer } from "../../../lib/printer.ts";
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { Owner } from "../../../mm/owner.ts";
import type { EventWork } from "../../../sched/event-task.ts";
import { portNumber } from "../../../xen-abi/event-channel.ts";
import { grantRefNumber } from "../../../xen-abi/grant-table.ts";
import { DevicePort } from "../bus/device-port.ts";
import { Refusal, type FrontDriver } from "../bus/front-driver.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import { SharedPages } from "../bus/shared-pages.ts";
import { Undo, type Resource } from "../bus/undo-list.ts";
import type { XenstoreFault } from "../xenstore/fault.ts";
import { xenstore, type Store } from "../xenstore/store.ts";
import { Watch } from "../xenstore/watch.ts";
import { BufferGrants } from "./buffer-grants.ts";
import type { DeviceSlots } from "./device-slots.ts";
import { agree } from "./negotiation.ts";
import { ReceiveRing, type FrameTarget } from "./receive-ring.ts";
import type { RingFault } from "./ring-fault.ts";
import { TransmitRing } from "./transmit-ring.ts";

/** Pages that the back end has to receive into: it keeps what comes while there are none. */
const receivePages = 64;

@struct
export class Netfront implements FrontDriver, EventWork, NetDevice, FrameTarget, BufferTarget, Resource {
  /** None: nobody has it. */
  front: FrontEnd | null = null;
  client: NetClient | null = null;
  /** `eth0`. */
  label: string = "";
  mac: MacAddress = noMac;
  agreedMtu: u32 = 0;
  /** The back end completes checksums. */
  hasOffload: boolean = false;
  canScatter: boolean = false;
  isConnected: boolean = false;
  /** What the back end says of its link (io/netif.h, "Link state"), where it says anything. */
  hasLink: boolean = true;
  readonly carrierPath = new TextBuffer<144>();
  readonly carrierWatch = new Watch();
  /** The stack knows the device. */
  isAttached: boolean = false;
  readonly receivePage = new SharedPages();
  readonly transmitPage = new SharedPages();
  readonly port = new DevicePort();
  readonly access = new BufferGrants();
  readonly receiver = new ReceiveRing<BufferGrants>();
  readonly transmitter = new TransmitRing<BufferGrants>();
  /** While the receive ring lacks pages that the pool has not. */
  readonly shortage = new BufferWait();
  readonly undo = new Undo();
  /** The time of the present round, while frames are handed up: what they cause is sent at its end. */
  now: u64 = 0;
  isServing: boolean = false;
  notifications: u64 = 0;
  rounds: u64 = 0;

  /** Takes on a device. */
  adopt(front: FrontEnd, client: NetClient, pool: PacketPool, table: DeviceSlots, label: string): void {
    this.front = front;
    this.client = client;
    this.label = label;
    this.rounds = 0;
    this.notifications = 0;
    this.receiver.use(this.access, pool, table);
    this.transmitter.use(this.access, pool, table);
  }

  // What the bus asks.

  /** @blocks */
  negotiate(): Result<undefined, Refusal> {
    const front = this.front!;
    const agreed = this.readOffer();
    if (!agreed.ok) return agreed;
    this.access.peer = front.backEnd.domain;
    const received = this.receivePage.acquire(front, 0, Owner.Network);
    if (!received.ok) return received;
    const transmitted = this.transmitPage.acquire(front, 0, Owner.Network);
    if (!transmitted.ok) return transmitted;
    front.acquired.add(this.undo, this);
    this.receiver.open(this.receivePage.memory(), receivePages);
    // Linux' netback takes its link for up, and a bridge opens, when it sees pages: in time for what we say first.
    this.receiver.publish();
    this.transmitter.open(this.transmitPage.memory(), this.canScatter, this.hasOffload);
    return this.port.openServed(front, this.label, this);
  }

  /** @blocks */
  readOffer(): Result<undefined, Refusal> {
    const front = this.front!;
    const room = new FixedArray<u8, 64>();
    const written = xenstore.read(`${text(front.home.text())}/mac`, room);
    if (!written.ok) return err(front.miss(`mac`, written.error));
    const mac = parseMac(written.value);
    if (!mac.ok) return err(front.refuse(`mac: ${mac.error}, got ${text(written.value)}`));
    const byCopy = front.readOptional(`feature-rx-copy`, 0, 1, 0);
    if (!byCopy.ok) return err(byCopy.error);
    const scatter = front.readOptional(`feature-sg`, 0, 1, 0);
    if (!scatter.ok) return err(scatter.error);
    const noChecksum = front.readOptional(`feature-no-csum-offload`, 0, 1, 0);
    if (!noChecksum.ok) return err(noChecksum.error);
    const own = xenstore.readNumber(`${text(front.home.text())}/mtu`);
    const theirs = front.readOptional(`mtu`, 0, 65535, 0);
    if (!theirs.ok) return err(theirs.error);
    const agreed = agree({
      receiveByCopy: byCopy.value === 1,
      scatterGather: scatter.value === 1,
      noChecksumOffload: noChecksum.value === 1,
      mtu: own.ok ? own.value : theirs.value,
    });
    if (!agreed.ok) return err(front.refuse(agreed.error));
    this.mac = mac.value;
    this.canScatter = agreed.value.scatterGather;
    this.hasOffload = agreed.value.checksumOffload;
    this.agreedMtu = agreed.value.mtu;
    return ok();
  }

  /** @blocks */
  publish(store: Store): Result<undefined, XenstoreFault> {
    const front = this.front!;
    const transmit = front.write(store, `tx-ring-ref`, `${grantRefNumber(this.transmitPage.ref(0))}`);
    if (!transmit.ok) return transmit;
    const receive = front.write(store, `rx-ring-ref`, `${grantRefNumber(this.receivePage.ref(0))}`);
    if (!receive.ok) return receive;
    const port = front.write(store, `event-channel`, `${portNumber(this.port.port)}`);
    if (!port.ok) return port;
    const byCopy = front.write(store, `request-rx-copy`, `1`);
    if (!byCopy.ok) return byCopy;
    const notify = front.write(store, `feature-rx-notify`, `1`);
    if (!notify.ok) return notify;
    return front.write(store, `feature-sg`, `1`);
  }

  /** @blocks */
  connected(): Result<undefined, Refusal> {
    const carrier = this.readCarrier();
    if (!carrier.ok) return carrier;
    this.isConnected = true;
    log.info(`${this.label}: connected, mtu ${this.agreedMtu}`);
    if (this.isAttached) this.client!.changed(this, systemTime());
    else this.isAttached = this.client!.attached(this, systemTime());
    this.serve(); // frames may have come before we listened
    this.ring(); // and the rings were filled before the back end did
    return this.watchCarrier();
  }

  /** @blocks */
  readCarrier(): Result<undefined, Refusal> {
    const read = this.front!.readOptional(`carrier`, 0, 1, 1);
    if (!read.ok) return err(read.error);
    this.hasLink = read.value === 1;
    return ok();
  }

  /** Whenever the node changes, the bus calls `changed`. @blocks */
  watchCarrier(): Result<undefined, Refusal> {
    const front = this.front!;
    this.carrierPath.set(`${text(front.backEnd.path())}/carrier`);
    const watched = xenstore.watch(this.carrierWatch, this.carrierPath.text(), front);
    if (watched.ok) return ok();
    return err(front.miss(`its carrier cannot be watched`, watched.error));
  }

  /** @blocks */
  changed(): void {
    const before = this.hasLink;
    const read = this.readCarrier();
    if (!read.ok || this.hasLink === before) return;
    log.info(`${this.label}: the back end's link is ${this.hasLink ? "up" : "down"}`);
    if (this.isAttached) this.client!.changed(this, systemTime());
  }

  /** @blocks */
  closing(): void {
    if (this.isConnected) this.serve(); // what has come until now
    this.isConnected = false;
    this.receiver.close();
    this.transmitter.close();
    if (this.isAttached) this.client!.changed(this, systemTime());
  }

  /** The back end has let go of the buffers, or has had time to. @blocks */
  giveBack(): void {
    xenstore.unwatch(this.carrierWatch);
    this.receiver.reclaim();
    this.transmitter.reclaim();
  }

  gone(): void {
    if (this.isAttached) this.client!.detached(this);
    this.isAttached = false;
    log.info(`${this.label}: unplugged`);
    this.transmitter.discard();
    this.front = null;
  }

  // What the stack asks.

  name(): string {
    return this.label;
  }

  macAddress(): MacAddress {
    return this.mac;
  }

  mtu(): u32 {
    return this.agreedMtu;
  }

  features(): Flags<NetFeature, u32> {
    let features: u32 = 0;
    if (this.hasOffload) features |= NetFeature.ChecksumOffload;
    if (this.canScatter) features |= NetFeature.ScatterGather;
    return features as Flags<NetFeature, u32>;
  }

  hasCarrier(): boolean {
    return this.isConnected && this.hasLink;
  }

  transmit(frame: PacketBuffer): void {
    this.transmitter.transmit(frame);
  }

  flush(): void {
    if (this.isServing || !this.isConnected) return;
    const collected = this.transmitter.collect();
    if (!collected.ok) return this.blame(collected.error);
    this.show();
  }

  // What the rings bring.

  report(printer: Printer): void {
    const received = this.receiver;
    const sent = this.transmitter;
    printer.print(`  ${this.rounds} rounds, ${this.notifications} notifications`);
    printer.print(`  received ${received.frames} frames, ${received.failed} not whole`);
    printer.print(`  sent ${sent.answered} frames, ${sent.failed} slots failed, ${sent.dropped} dropped`);
    const waiting = sent.waiting.count;
    printer.print(
      `  ${sent.sent.count} with the back end, ${waiting} waiting, ${sent.kept + received.kept} pages kept`,
    );
  }

  /** The back end rings. @blocks */
  serve(): void {
    if (!this.isConnected) return;
    this.rounds++;
    this.now = systemTime();
    this.isServing = true;
    const sent = this.transmitter.collect(); // first, so that there are buffers for what has come
    const received = this.receiver.collect(this);
    this.isServing = false;
    const asked = this.transmitter.collectAwaited(); // of what is sent now as well
    if (!sent.ok) this.blame(sent.error);
    if (!received.ok) this.blame(received.error);
    if (!asked.ok) this.blame(asked.error);
    this.show();
    const lacking = this.receiver.lacks();
    if (lacking > 0) this.receiver.pool!.tellWhen(this.shortage, lacking, this);
  }

  /** There are pages again for the receive ring: that makes a round. */
  buffersCameBack(): void {
    if (this.isConnected) this.port.wake();
  }

  received(frame: PacketBuffer): void {
    this.client!.received(this, frame, this.now);
  }

  /** Shows the back end what is new in both rings, with one notification at most. */
  show(): void {
    const wantsTransmit = this.transmitter.publish();
    const wantsReceive = this.receiver.publish();
    if (wantsTransmit || wantsReceive) this.ring();
  }

  ring(): void {
    this.notifications++;
    this.port.ring();
  }

  blame(fault: RingFault): void {
    this.receiver.close();
    this.transmitter.close();
    this.front!.refuse(`${fault.what}: expected ${fault.least} to ${fault.most}, got ${fault.got}`);
  }
}
