/** Buffers for what is going to be sent: its maker writes to where it stays, until the backend has fetched it. */
import { bufferBytes, type FrameQueue, type PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import { sumBytes, swapSum } from "../lib/internet-checksum.ts";
import { SendFault, type NetworkLayer, type Route } from "./network-layer.ts";

/** Room for the headers of all layers in front of a payload: Ethernet 14, IPv6 with a fragment header 48, TCP with options 60. */
export const headroom = 128;
/** What received frames and others are left, in buffers. */
const reserve = 16;

/**
 * Takes buffers for `length` bytes of payload behind a transport header of `headerBytes`, cut as the network layer wants
 * to send them. They go to `frames`, empty before; all or none.
 */
export function allocatePayload(
  pool: PacketPool,
  network: NetworkLayer,
  route: Route,
  headerBytes: u32,
  length: u32,
  frames: FrameQueue,
): Result<undefined, SendFault> {
  const isWhole = headerBytes + length <= network.largestWhole(route);
  const limit = isWhole ? network.largestWhole(route) : network.fragmentBytes(route);
  let rest: u32 = length;
  let room: u32 = limit - headerBytes; // of the first frame
  do {
    const frame = allocateFrame(pool, min<u32>(rest, room));
    if (frame === null) {
      pool.giveAll(frames);
      return err(SendFault.NoBuffers);
    }
    frames.push(frame);
    rest -= min<u32>(rest, room);
    room = limit;
  } while (rest > 0);
  return ok();
}

/** So many buffers have to be free, or a few less, for `allocatePayload` to find all that it takes. */
export function buffersFor(network: NetworkLayer, route: Route, headerBytes: u32, length: u32): usize {
  const frame = network.fragmentBytes(route);
  const piecesOfEach: u32 = (frame + headroom) / bufferBytes + 1;
  return reserve + ((headerBytes + length) / frame + 1) * piecesOfEach;
}

/** One frame of `length` bytes: the first piece with room for headers, the others whole pages. */
function allocateFrame(pool: PacketPool, length: usize): PacketBuffer | null {
  const frame = pool.take(headroom, reserve);
  if (frame === null) return null;
  frame.end = frame.start + min<usize>(length, bufferBytes - headroom);
  let rest: usize = length - frame.length();
  for (let last = frame; rest > 0;) {
    const piece = pool.take(0, reserve);
    if (piece === null) {
      pool.give(frame);
      return null;
    }
    piece.end = min<usize>(rest, bufferBytes);
    rest -= piece.length();
    last.next = piece;
    last = piece;
  }
  return frame;
}

/** Copies `bytes` into the payload from byte `at` on; it must fit. */
export function fillPayload(frames: FrameQueue, at: usize, bytes: Slice<u8>): void {
  let skip: usize = at;
  let rest = bytes;
  for (let frame = frames.first; frame !== null; frame = frame.following) {
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
      const target = piece.bytes();
      const from = min<usize>(skip, target.length);
      const part = rest.slice(0, min<usize>(rest.length, target.length - from));
      target.slice(from).copyFrom(part);
      rest = rest.slice(part.length);
      skip -= from;
    }
  }
  assert(rest.length === 0, "what is filled in fits the payload");
}

/** Copies as much as fits of the payload from byte `at` on to `target`; how much that was. */
export function readPayload(frames: FrameQueue, at: usize, target: Slice<u8>): usize {
  let skip: usize = at;
  let done: usize = 0;
  for (let frame = frames.first; frame !== null; frame = frame.following) {
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
      const source = piece.bytes();
      const from = min<usize>(skip, source.length);
      const count = min<usize>(source.length - from, target.length - done);
      target.slice(done).copyFrom(source.slice(from, from + count));
      done += count;
      skip -= from;
    }
  }
  return done;
}

/** Bytes of payload. */
export function payloadLength(frames: FrameQueue): usize {
  let length: usize = 0;
  for (let frame = frames.first; frame !== null; frame = frame.following) {
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) length += piece.length();
  }
  return length;
}

/** The sum for the Internet checksum over a payload in several frames. */
export function sumPayload(frames: FrameQueue): u32 {
  let sum: u32 = 0;
  let isOdd = false;
  for (let frame = frames.first; frame !== null; frame = frame.following) {
    for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
      const part = sumBytes(piece.bytes());
      sum += isOdd ? swapSum(part) : part;
      if ((piece.length() & 1) !== 0) isOdd = !isOdd;
    }
  }
  return sum;
}
