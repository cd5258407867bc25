/** The UDP header (RFC 768). */
import { format, type ByteSink } from "../../lib/format.ts";

const sourcePortAt = 0;
const destinationPortAt = 2;
const lengthAt = 4;
export const udpChecksumAt = 6;
export const udpHeaderBytes = 8;

export type UdpHeader = {
  readonly sourcePort: u16;
  readonly destinationPort: u16;
  /** Bytes of header and payload. */
  readonly length: u32;
  /** 0: the sender made none. */
  readonly checksum: u16;
};

/** The header at the front of `bytes`; of the datagram, `available` bytes came. */
export function parseUdp(bytes: Slice<u8>, available: usize): Result<UdpHeader> {
  const header = parseQuotedUdp(bytes);
  if (!header.ok) return header;
  if (header.value.length < udpHeaderBytes) return err("UDP length below its header's");
  if (header.value.length > available) return err("UDP datagram cut short");
  if (header.value.destinationPort === 0) return err("UDP to port 0");
  return header;
}

/** A header in an ICMP error, which has nothing behind it. */
export function parseQuotedUdp(bytes: Slice<u8>): Result<UdpHeader> {
  if (bytes.length < udpHeaderBytes) return err("packet shorter than a UDP header");
  return ok({
    sourcePort: bytes.readU16be(sourcePortAt),
    destinationPort: bytes.readU16be(destinationPortAt),
    length: bytes.readU16be(lengthAt),
    checksum: bytes.readU16be(udpChecksumAt),
  });
}

/** Writes the header to `target`, which is exactly as long. */
export function emitUdp(target: Slice<u8>, header: UdpHeader): void {
  target.writeU16be(sourcePortAt, header.sourcePort);
  target.writeU16be(destinationPortAt, header.destinationPort);
  target.writeU16be(lengthAt, header.length as u16);
  target.writeU16be(udpChecksumAt, header.checksum);
}

export function formatUdp(sink: ByteSink, header: UdpHeader): void {
  const payload: u32 = header.length - min<u32>(header.length, udpHeaderBytes);
  format(sink, `udp ${header.sourcePort} > ${header.destinationPort} length ${payload}`);
}
