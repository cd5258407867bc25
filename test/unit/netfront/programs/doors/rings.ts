/** Both rings of a network device, and a back end that does what the test says. The numbers of buffers serve as references. */
import { PacketBuffer, FrameQueue, Checksum } from "../../../../../kernel/dev/packet.ts";
import { PacketPool } from "../../../../../kernel/dev/packet-pool.ts";
import { DeviceSlots } from "../../../../../kernel/drivers/xenbus/netfront/device-slots.ts";
import type { PageAccess } from "../../../../../kernel/drivers/xenbus/netfront/page-access.ts";
import { ReceiveRing, type FrameTarget } from "../../../../../kernel/drivers/xenbus/netfront/receive-ring.ts";
import { TransmitRing } from "../../../../../kernel/drivers/xenbus/netfront/transmit-ring.ts";
import { toGrantRef, type GrantRef } from "../../../../../kernel/xen-abi/grant-table.ts";

const bufferCount = 128;
/** Where the shared indices and the slots are (io/ring.h, io/netif.h). */
const producedAt = 8;
const requestsAt = 0;
const slotsAt = 64;
const receiveSlotBytes = 8;
const transmitSlotBytes = 12;

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

/** Notes who is let in where, and can have the back end hold on to pages. */
@struct
class Notes implements PageAccess {
  readonly isGiven = new FixedArray<boolean, 128>();
  holds: boolean = false;
  refuses: boolean = false;

  give(buffer: PacketBuffer, isWritable: boolean): boolean {
    assert(!this.isGiven[buffer.number] && !buffer.isFree, "a page is let in once, and is in use");
    if (this.refuses) return false;
    this.isGiven[buffer.number] = true;
    return true;
  }
  refOf(buffer: PacketBuffer): GrantRef {
    assert(this.isGiven[buffer.number], "a reference is told of pages that are let in");
    return toGrantRef(buffer.number);
  }
  end(buffer: PacketBuffer): boolean {
    assert(this.isGiven[buffer.number], "what ends has begun");
    if (this.holds) return false;
    this.isGiven[buffer.number] = false;
    return true;
  }
}

@struct
class Frames implements FrameTarget {
  count: u64 = 0;
  length: u64 = 0;
  pieces: u64 = 0;
  checksum: Checksum = Checksum.Unknown;
  /** Those that are looked at later. */
  readonly kept = new FrameQueue();
  keeps: boolean = false;

  received(frame: PacketBuffer): void {
    this.count++;
    this.length = 0;
    this.pieces = 0;
    this.checksum = frame.checksum;
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
      assert(!access.isGiven[piece.number], "what is handed up can change no more");
      this.length += piece.length();
      this.pieces++;
    }
    if (this.keeps) this.kept.push(frame);
    else pool.give(frame);
  }
}

const pages = new FixedArray<Page, 128>();
const buffers = new FixedArray<PacketBuffer, 128>();
const receiveMemory = new Page();
const transmitMemory = new Page();
const slots = new DeviceSlots();
const access = new Notes();
const pool = new PacketPool();
const receiver = new ReceiveRing<Notes>();
const transmitter = new TransmitRing<Notes>();
const frames = new Frames();
const hoarded = new FrameQueue();
let isBegun: boolean = false;

/** Both rings, empty; `wanted` pages to receive into. */
export function open(canScatter: boolean, wanted: u32, hasOffload: boolean): void {
  if (!isBegun) begin();
  isBegun = true;
  access.holds = false;
  access.refuses = false;
  receiver.open(receiveMemory.bytes, wanted);
  transmitter.open(transmitMemory.bytes, canScatter, hasOffload);
}

function begin(): void {
  for (const [index, buffer] of buffers.entries()) {
    buffer.memory = pages[index].bytes;
    pool.add(buffer);
  }
  receiver.use(access, pool, slots);
  transmitter.use(access, pool, slots);
}

/** What the driver does when the back end goes. */
export function close(): void {
  receiver.close();
  transmitter.close();
  receiver.reclaim();
  transmitter.reclaim();
}

/** What waits is given up. */
export function discard(): void {
  transmitter.discard();
}

/** Whether the driver finds nothing wrong. */
export function collect(): boolean {
  const sent = transmitter.collect();
  const received = receiver.collect(frames);
  if (sent.ok && received.ok) return true;
  receiver.close();
  transmitter.close();
  return false;
}

export function publish(): bool {
  const wantsTransmit = transmitter.publish();
  const wantsReceive = receiver.publish();
  return wantsTransmit || wantsReceive;
}

/** A receive response in slot `index`; the type and flags of an extra info make up an id. */
export function respond(index: u32, id: u32, offset: u32, flags: u32, status: u32): void {
  const at: usize = slotsAt + (index & 255) * receiveSlotBytes;
  const slot = receiveMemory.bytes.slice(at, at + receiveSlotBytes);
  slot.writeU16le(0, id as u16);
  slot.writeU16le(2, offset as u16);
  slot.writeU16le(4, flags as u16);
  slot.writeU16le(6, status as u16);
}

export function produceReceived(count: u32): void {
  receiveMemory.bytes.slice(0).writeU32le(producedAt, count);
}

export function requestedPages(): u32 {
  return receiveMemory.bytes.slice(0).readU32le(requestsAt);
}

/** An answer to a request to send, in slot `index`. */
export function answer(index: u32, id: u32, status: u32): void {
  const at: usize = slotsAt + (index & 255) * transmitSlotBytes;
  const slot = transmitMemory.bytes.slice(at, at + transmitSlotBytes);
  slot.writeU16le(0, id as u16);
  slot.writeU16le(2, status as u16);
}

export function produceSent(count: u32): void {
  transmitMemory.bytes.slice(0).writeU32le(producedAt, count);
}

export function requestedFrames(): u32 {
  return transmitMemory.bytes.slice(0).readU32le(requestsAt);
}

/** A field of the request in slot `index`: offset 4, flags 6, id 8, size 10. */
export function requestField(index: u32, field: u32): u32 {
  const at: usize = slotsAt + (index & 255) * transmitSlotBytes;
  return transmitMemory.bytes.slice(at, at + transmitSlotBytes).readU16le(field);
}

/** Sends a frame of `pieces` times `length` bytes, marked in its first byte; false where there are no buffers. */
export function send(mark: u32, pieces: u32, length: u32, isBlank: boolean): boolean {
  let first: PacketBuffer | null = null;
  for (let piece: u32 = 0; piece < pieces; piece++) {
    const buffer = pool.take(0, 0);
    if (buffer === null) {
      if (first !== null) pool.give(first);
      return false;
    }
    buffer.end = length;
    buffer.next = first;
    first = buffer;
  }
  if (first === null) return false;
  if (length > 0) first.bytes()[0] = mark as u8;
  first.checksum = isBlank && length >= 4 ? Checksum.Blank : Checksum.Unknown;
  first.checksumOffset = 2;
  if (length >= 4) first.bytes().writeU16be(first.checksumOffset, 0);
  transmitter.transmit(first);
  return true;
}

/** The mark of the frame whose first request is in slot `index`. */
export function markOf(index: u32): u32 {
  const at: usize = slotsAt + (index & 255) * transmitSlotBytes;
  const ref = transmitMemory.bytes.slice(at, at + transmitSlotBytes).readU32le(0);
  return pages[ref & (bufferCount - 1)].bytes[0];
}

/** Byte `at` of the page that the request in slot `index` names. */
export function byteOf(index: u32, at: u32): u32 {
  const slot: usize = slotsAt + (index & 255) * transmitSlotBytes;
  const ref = transmitMemory.bytes.slice(slot, slot + transmitSlotBytes).readU32le(0);
  return pages[ref & (bufferCount - 1)].bytes[at & 4095];
}

/** Received frames are kept, or all of them given back. */
export function keep(isKeeping: boolean): void {
  frames.keeps = isKeeping;
  if (!isKeeping) pool.giveAll(frames.kept);
}

/** Takes all but `left` buffers out of the pool, or gives these back. */
export function hoard(left: u64): void {
  pool.giveAll(hoarded);
  while (pool.free > left) hoarded.push(pool.take(0, 0)!);
}

export function pagesThere(): u32 {
  return receiver.pages();
}

/** How many buffers the receive ring waits for. */
export function lacks(): u64 {
  return receiver.lacks();
}

/** After `close` and `discard`: the back end lets go of the pages that it held on to. */
export function forgive(): void {
  for (const buffer of buffers) {
    access.isGiven[buffer.number] = false;
    if (!buffer.isFree) pool.putBack(buffer);
  }
  receiver.kept = 0;
  transmitter.kept = 0;
}

export function hold(isHolding: boolean): void {
  access.holds = isHolding;
}

export function refuse(isRefusing: boolean): void {
  access.refuses = isRefusing;
}

export function receivedFrames(): u64 {
  return frames.count;
}
export function lastLength(): u64 {
  return frames.length;
}
export function lastPieces(): u64 {
  return frames.pieces;
}
export function lastChecksum(): u32 {
  return frames.checksum as u32;
}
export function droppedFrames(): u64 {
  return transmitter.dropped;
}
export function waitingFrames(): u64 {
  return transmitter.waiting.count;
}

/** Buffers that are accounted for: free, with the back end, waiting, or kept by it. */
export function accountedBuffers(): u64 {
  let count: u64 = pool.free + receiver.kept + transmitter.kept;
  for (const page of slots.pages) if (page !== null) count++;
  count += piecesIn(transmitter.sent) + piecesIn(transmitter.waiting);
  count += piecesIn(frames.kept) + piecesIn(hoarded);
  for (let piece = receiver.first; piece !== null; piece = piece.next) count++;
  return count;
}

export function totalBuffers(): u64 {
  return bufferCount;
}

export function freeBuffers(): u64 {
  return pool.free;
}

function piecesIn(queue: FrameQueue): u64 {
  let count: u64 = 0;
  for (let frame = queue.first; frame !== null; frame = frame.following) {
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) count++;
  }
  return count;
}
