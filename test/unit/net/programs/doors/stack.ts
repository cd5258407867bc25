/** The network stack with a device that keeps what it is given, for tests under Node. Addresses are numbers, times ns. */
import { toMacAddress, type MacAddress } from "../../../../../kernel/dev/mac-address.ts";
import { NetFeature, type NetDevice } from "../../../../../kernel/dev/net.ts";
import { FrameQueue, PacketBuffer, type Checksum } from "../../../../../kernel/dev/packet.ts";
import { BufferWait, type BufferTarget } from "../../../../../kernel/dev/packet-pool.ts";
import type { Printer } from "../../../../../kernel/lib/printer.ts";
import type { Alarm } from "../../../../../kernel/net/alarm.ts";
import { ofIpv4 } from "../../../../../kernel/net/ip-address.ts";
import { connectLayers, icmp, icmpErrors, network, udp } from "../../../../../kernel/net/network.ts";
import { NeighbourState } from "../../../../../kernel/net/neighbours.ts";
import { fillPayload, readPayload } from "../../../../../kernel/net/payload.ts";
import { ReceivedDatagram, UdpPort, type Endpoint } from "../../../../../kernel/net/udp-port.ts";
import { toIpv4 } from "../../../../../kernel/net/wire/ipv4-address.ts";

const bufferCount = 256;

@struct
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

/** Keeps frames until the test takes them. */
@struct
class Device implements NetDevice {
  readonly sent = new FrameQueue();
  features_: u32 = 0;
  mtu_: u32 = 1500;
  carrier: boolean = true;
  flushes: u64 = 0;

  name(): string {
    return "eth0";
  }
  macAddress(): MacAddress {
    return toMacAddress(0x00163e000001);
  }
  mtu(): u32 {
    return this.mtu_;
  }
  features(): Flags<NetFeature, u32> {
    return this.features_ as Flags<NetFeature, u32>;
  }
  hasCarrier(): boolean {
    return this.carrier;
  }
  transmit(frame: PacketBuffer): void {
    this.sent.push(frame);
  }
  flush(): void {
    this.flushes++;
  }
  report(printer: Printer): void {
    printer.print(`${this.flushes} flushes`);
  }
}

@struct
class LastAlarm implements Alarm {
  deadline: u64 = 0xffffffffffffffff;
  callAt(deadline: u64): void {
    this.deadline = min<u64>(this.deadline, deadline);
  }
}

/** Counts how often it was told that buffers came back. */
@struct
class Waiter implements BufferTarget {
  readonly wait = new BufferWait();
  told: u64 = 0;
  buffersCameBack(): void {
    this.told++;
  }
}

const pages = new FixedArray<Page, 256>();
const buffers = new FixedArray<PacketBuffer, 256>();
const device = new Device();
const alarm = new LastAlarm();
const ports = new FixedArray<UdpPort, 4>();
const hoarded = new FrameQueue();
const waiters = new FixedArray<Waiter, 2>();
const received = new ReceivedDatagram();
let isStarted: boolean = false;

/** The state after boot, with one device that has `address`. */
export function start(address: u32, prefixLength: u32, gateway: u32, mtu: u32, features: u32): void {
  if (isStarted) reset();
  else begin();
  isStarted = true;
  alarm.deadline = 0xffffffffffffffff;
  device.mtu_ = mtu;
  device.features_ = features;
  device.carrier = true;
  const attached = network.attached(device, 0);
  assert(attached, "there is room for a device");
  const link = network.routes.interfaces[0];
  if (address !== 0) network.configure(link, toIpv4(address), prefixLength, toIpv4(gateway));
  network.pool.giveAll(device.sent);
}

function begin(): void {
  for (const [index, buffer] of buffers.entries()) {
    buffer.memory = pages[index].bytes;
    network.pool.add(buffer);
  }
  connectLayers(0);
  network.useAlarm(alarm);
}

function reset(): void {
  network.detached(device);
  network.pool.giveAll(device.sent);
  network.pool.giveAll(hoarded);
  for (const port of ports) {
    if (port.number !== 0) udp.release(port);
  }
  icmpErrors.limit.taken = 0;
  icmpErrors.limit.since = 0;
  assert(network.pool.free === bufferCount, "every buffer has come back");
}

/** A frame from the wire; it is cut into pieces of `pieceBytes`. */
export function input(bytes: Slice<u8>, pieceBytes: u32, checksum: u32, now: u64): void {
  let first: PacketBuffer | null = null;
  let last: PacketBuffer | null = null;
  for (let at: usize = 0; at < bytes.length || first === null; at += pieceBytes) {
    const piece = network.pool.take(0, 0);
    assert(piece !== null, "the test has buffers");
    piece.end = min<usize>(pieceBytes, bytes.length - at);
    piece.bytes().copyFrom(bytes.slice(at, at + piece.end));
    if (last === null) first = piece;
    else last.next = piece;
    last = piece;
  }
  first.checksum = checksum as Checksum;
  network.received(device, first, now);
}

/** The next frame that was sent goes to `target`; its length, or 0 where there is none. */
export function output(target: Slice<u8>): usize {
  const frame = device.sent.pop();
  if (frame === null) return 0;
  let length: usize = 0;
  for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
    target.slice(length).copyFrom(piece.bytes());
    length += piece.length();
  }
  network.pool.give(frame);
  return length;
}

export function tick(now: u64): u64 {
  return network.tick(now);
}

export function alarmAt(): u64 {
  return alarm.deadline;
}

export function freeBuffers(): u64 {
  return network.pool.free;
}

export function totalBuffers(): u64 {
  return bufferCount;
}

/** Takes all but `left` buffers out of the pool. */
export function hoard(left: u64): void {
  while (network.pool.free > left) {
    const buffer = network.pool.take(0, 0);
    assert(buffer !== null, "there are more than what is left");
    hoarded.push(buffer);
  }
}

/** Gives back so many of them. */
export function unhoard(count: u64): void {
  for (let given: u64 = 0; given < count; given++) network.pool.give(hoarded.pop()!);
}

/** One of the waiters waits for so many free buffers. */
export function awaitBuffers(waiter: u32, level: u64): void {
  network.pool.tellWhen(waiters[waiter].wait, level, waiters[waiter]);
}

export function told(waiter: u32): u64 {
  return waiters[waiter].told;
}

/** Whether a neighbour takes `length` bytes now, or lets them wait. */
export function hasRoom(to: u32, length: u32): boolean {
  const frames = new FrameQueue();
  const target: Endpoint = { address: ofIpv4(toIpv4(to)), port: 7 };
  const prepared = udp.prepare(target, length, frames);
  const room = prepared.ok && udp.hasRoom(target, frames);
  network.pool.giveAll(frames);
  return room;
}

/** The reason for the last drop. */
export function lastDrop(target: Slice<u8>): usize {
  const reason = network.routes.interfaces[0].counters.lastDrop.bytes();
  target.copyFrom(reason);
  return reason.length;
}

export function dropped(): u64 {
  return network.routes.interfaces[0].counters.dropped;
}

export function setCarrier(carrier: boolean, now: u64): void {
  device.carrier = carrier;
  network.changed(device, now);
}

/** The state of a neighbour, 255 where it is unknown. */
export function neighbourState(address: u32): u32 {
  const entry = network.routes.interfaces[0].neighbours.find(ofIpv4(toIpv4(address)));
  return entry === null ? 255 : (entry.state as u32);
}

export function knownNeighbours(): u64 {
  let count: u64 = 0;
  for (const entry of network.routes.interfaces[0].neighbours.entries) {
    if (entry.state !== NeighbourState.Free) count++;
  }
  return count;
}

export function bind(slot: u32, number: u32): boolean {
  return udp.bind(ports[slot], number as u16).ok;
}

export function portNumber(slot: u32): u32 {
  return ports[slot].number;
}

export function release(slot: u32): void {
  udp.release(ports[slot]);
}

export function failures(slot: u32): u64 {
  return ports[slot].failures;
}

/** Sends a datagram; 255 where it was sent, else the SendFault. */
export function send(slot: u32, to: u32, port: u32, bytes: Slice<u8>, now: u64): u32 {
  const frames = new FrameQueue();
  const target: Endpoint = { address: ofIpv4(toIpv4(to)), port: port as u16 };
  const prepared = udp.prepare(target, bytes.length as u32, frames);
  if (!prepared.ok) return prepared.error as u32;
  fillPayload(frames, 0, bytes);
  const sent = udp.send(ports[slot], target, frames, now);
  return sent.ok ? 255 : (sent.error as u32);
}

/** Fetches a datagram: address, port and length, then its bytes; false where none waits. */
export function receive(slot: u32, target: Slice<u8>): boolean {
  if (!ports[slot].fetch(received)) return false;
  target.writeU32le(0, received.from.address.low as u32);
  target.writeU32le(4, received.from.port);
  target.writeU32le(8, readPayload(received.frames, 0, target.slice(12)) as u32);
  network.pool.giveAll(received.frames);
  return true;
}

/** Sends back the oldest datagram, in the buffers in which it came. */
export function echo(slot: u32, now: u64): boolean {
  if (!ports[slot].fetch(received)) return false;
  return udp.send(ports[slot], received.from, received.frames, now).ok;
}

/** Sends an echo request with `length` bytes. */
export function ping(to: u32, identifier: u32, sequence: u32, bytes: Slice<u8>, now: u64): u32 {
  const frames = new FrameQueue();
  const prepared = icmp.prepare(ofIpv4(toIpv4(to)), bytes.length as u32, frames);
  if (!prepared.ok) return prepared.error as u32;
  fillPayload(frames, 0, bytes);
  const sent = icmp.request(ofIpv4(toIpv4(to)), identifier as u16, sequence as u16, frames, now);
  return sent.ok ? 255 : (sent.error as u32);
}

export function repliesReceived(): u64 {
  return icmp.repliesReceived;
}
