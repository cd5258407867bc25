/** The IPv4 header (RFC 791, section 3.1). */
import { format, type ByteSink } from "../../lib/format.ts";
import { internetChecksum } from "../../lib/internet-checksum.ts";
import { formatIpv4, ipv4Number, readIpv4, writeIpv4, type Ipv4Address } from "./ipv4-address.ts";

const versionAt = 0;
const serviceAt = 1;
const totalLengthAt = 2;
const identificationAt = 4;
const fragmentAt = 6;
const timeToLiveAt = 8;
const protocolAt = 9;
const checksumAt = 10;
const sourceAt = 12;
const destinationAt = 16;
/** Without options. */
export const ipv4HeaderBytes = 20;
/** The longest datagram, header included. */
export const longestIpv4 = 65535;

const dontFragmentBit = 0x4000;
const moreFragmentsBit = 0x2000;
const offsetBits = 0x1fff;

export const enum IpProtocol {
  Icmp = 1,
  Tcp = 6,
  Udp = 17,
}

export type Ipv4Header = {
  /** Bytes of the header with its options. */
  readonly headerBytes: u32;
  /** Bytes of header and payload. */
  readonly totalBytes: u32;
  readonly identification: u16;
  readonly moreFragments: boolean;
  /** Bytes of the whole datagram's payload that come before this fragment. */
  readonly fragmentOffset: u32;
  readonly timeToLive: u8;
  readonly protocol: u8;
  readonly source: Ipv4Address;
  readonly destination: Ipv4Address;
};

/** The header at the front of `bytes`; of the packet, `available` bytes are there, padding included. */
export function parseIpv4Header(bytes: Slice<u8>, available: usize): Result<Ipv4Header> {
  const header = parseQuotedIpv4(bytes);
  if (!header.ok) return header;
  const value = header.value;
  if (internetChecksum(bytes.slice(0, value.headerBytes)) !== 0) return err("wrong IPv4 header checksum");
  if (value.totalBytes > available) return err("IPv4 packet cut short");
  if (value.fragmentOffset + value.totalBytes - value.headerBytes > longestIpv4 - ipv4HeaderBytes)
    return err("IPv4 fragment beyond the longest datagram");
  return header;
}

/** A header in an ICMP error: routers may have changed it, and what follows is cut off, so only its form is looked at. */
export function parseQuotedIpv4(bytes: Slice<u8>): Result<Ipv4Header> {
  if (bytes.length < ipv4HeaderBytes) return err("packet shorter than an IPv4 header");
  if (bytes[versionAt] >> 4 !== 4) return err("IPv4 frame with another version inside");
  const headerBytes: u32 = (bytes[versionAt] & 15) * 4;
  if (headerBytes < ipv4HeaderBytes) return err("IPv4 header length below 20");
  if (headerBytes > bytes.length) return err("IPv4 header cut short");
  const totalBytes: u32 = bytes.readU16be(totalLengthAt);
  if (totalBytes < headerBytes) return err("IPv4 total length below its header's");
  const fragment = bytes.readU16be(fragmentAt);
  return ok({
    headerBytes,
    totalBytes,
    identification: bytes.readU16be(identificationAt),
    moreFragments: (fragment & moreFragmentsBit) !== 0,
    fragmentOffset: ((fragment & offsetBits) as u32) * 8,
    timeToLive: bytes[timeToLiveAt],
    protocol: bytes[protocolAt],
    source: readIpv4(bytes, sourceAt),
    destination: readIpv4(bytes, destinationAt),
  });
}

/**
 * Writes the header, without options, to `target`, which is exactly as long. What is no fragment must not become one on
 * its way, so that its identification need not be unique (RFC 6864).
 */
export function emitIpv4(target: Slice<u8>, header: Ipv4Header): void {
  const isFragment = header.moreFragments || header.fragmentOffset > 0;
  const flags: u32 = header.moreFragments ? moreFragmentsBit : isFragment ? 0 : dontFragmentBit;
  target[versionAt] = 0x45;
  target[serviceAt] = 0;
  target.writeU16be(totalLengthAt, header.totalBytes as u16);
  target.writeU16be(identificationAt, header.identification);
  target.writeU16be(fragmentAt, (flags | (header.fragmentOffset / 8)) as u16);
  target[timeToLiveAt] = header.timeToLive;
  target[protocolAt] = header.protocol;
  target.writeU16be(checksumAt, 0);
  writeIpv4(target, sourceAt, header.source);
  writeIpv4(target, destinationAt, header.destination);
  target.writeU16be(checksumAt, internetChecksum(target));
}

/** What TCP and UDP sum up besides their own bytes (RFC 768). */
export function pseudoHeaderSum(
  source: Ipv4Address,
  destination: Ipv4Address,
  protocol: u8,
  length: u32,
): u32 {
  const from = ipv4Number(source);
  const to = ipv4Number(destination);
  return (from >> 16) + (from & 0xffff) + (to >> 16) + (to & 0xffff) + protocol + length;
}

export function formatIpv4Header(sink: ByteSink, header: Ipv4Header): void {
  formatIpv4(sink, header.source);
  sink.write(" > ".bytes());
  formatIpv4(sink, header.destination);
  format(sink, ` ttl ${header.timeToLive} length ${header.totalBytes}`);
  if (header.moreFragments || header.fragmentOffset > 0) {
    const more = header.moreFragments ? "+" : "";
    format(sink, ` fragment ${header.identification}:${header.fragmentOffset}${more}`);
  }
}
