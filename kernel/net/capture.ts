/**
 * Frames as a file that Wireshark reads (pcap with nanoseconds, LINKTYPE_ETHERNET). Checksums that were left to a device are
 * filled in, in the copy, so that every frame is as it is on a wire.
 */
import { Checksum, frameLength, type PacketBuffer } from "../dev/packet.ts";
import { foldSum, sumBytes } from "../lib/internet-checksum.ts";
import type { FrameTap } from "./net-interface.ts";
import { ethernetHeaderBytes, EtherType, parseEthernet } from "./wire/ethernet.ts";
import { IpProtocol, parseQuotedIpv4 } from "./wire/ipv4.ts";
import { udpChecksumAt } from "./wire/udp.ts";

const magicOfNanoseconds = 0xa1b23c4d;
const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const ethernetLink = 1;
const tcpChecksumAt = 16;
const second = 1000000000;

@struct
export class Capture implements FrameTap {
  /** Where the file is put together; null while nothing is captured. */
  memory: Slice<u8> | null = null;
  used: usize = 0;
  frames: u64 = 0;
  /** Frames that are still wanted. */
  wanted: u64 = 0;
  /** Frames that found no room. */
  missed: u64 = 0;
  /** The time in ns that a frame is marked with. */
  readonly clock: () => u64;

  constructor(clock: () => u64) {
    this.clock = clock;
  }

  /** Begins a file in `memory`, of up to `wanted` frames. */
  begin(memory: Slice<u8>, wanted: u64): void {
    memory.slice(0, fileHeaderBytes).fill(0);
    memory.writeU32le(0, magicOfNanoseconds);
    memory.writeU16le(4, 2); // version 2.4
    memory.writeU16le(6, 4);
    memory.writeU32le(16, 65535);
    memory.writeU32le(20, ethernetLink);
    this.memory = memory;
    this.used = fileHeaderBytes;
    this.frames = 0;
    this.wanted = wanted;
    this.missed = 0;
  }

  /** The file so far. */
  file(): Slice<u8> {
    return this.memory!.slice(0, this.used);
  }

  isComplete(): boolean {
    return this.wanted === 0;
  }

  seen(frame: PacketBuffer): void {
    const memory = this.memory;
    if (memory === null || this.wanted === 0) return;
    const length = frameLength(frame);
    if (memory.length - this.used < recordHeaderBytes + length) {
      this.missed++;
      return;
    }
    const now = this.clock();
    const header = memory.slice(this.used, this.used + recordHeaderBytes);
    header.writeU32le(0, (now / second) as u32);
    header.writeU32le(4, (now % second) as u32);
    header.writeU32le(8, length as u32);
    header.writeU32le(12, length as u32);
    const bytes = memory.slice(this.used + recordHeaderBytes, this.used + recordHeaderBytes + length);
    copyFrame(frame, bytes);
    if (frame.checksum === Checksum.Blank) fillIn(bytes);
    this.used += recordHeaderBytes + length;
    this.frames++;
    this.wanted--;
  }
}

function copyFrame(frame: PacketBuffer, target: Slice<u8>): void {
  let at: usize = 0;
  for (let piece: PacketBuffer | null = frame; piece !== null; piece = piece.next) {
    target.slice(at).copyFrom(piece.bytes());
    at += piece.length();
  }
}

/** Completes the checksum of a UDP or TCP segment in IPv4, in whose field the pseudo-header's sum stands. */
function fillIn(frame: Slice<u8>): void {
  const ethernet = parseEthernet(frame);
  if (!ethernet.ok || ethernet.value.type !== EtherType.Ipv4) return;
  const packet = frame.slice(ethernetHeaderBytes);
  const header = parseQuotedIpv4(packet);
  if (!header.ok || header.value.totalBytes > packet.length) return;
  const segment = packet.slice(header.value.headerBytes, header.value.totalBytes);
  const isUdp = header.value.protocol === IpProtocol.Udp;
  if (!isUdp && header.value.protocol !== IpProtocol.Tcp) return;
  const field: usize = isUdp ? udpChecksumAt : tcpChecksumAt;
  if (segment.length < field + 2) return;
  const checksum = ~foldSum(sumBytes(segment)) as u16;
  segment.writeU16be(field, isUdp && checksum === 0 ? 0xffff : checksum);
}
