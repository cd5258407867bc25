/** Ethernet II (IEEE 802.3, with a type field). */
import { formatMac, readMac, writeMac, type MacAddress } from "../../dev/mac-address.ts";
import { format, type ByteSink } from "../../lib/format.ts";

const destinationAt = 0;
const sourceAt = 6;
const typeAt = 12;
export const ethernetHeaderBytes = 14;
/** Types begin here; smaller numbers are lengths of IEEE 802.3 frames. */
const leastType = 0x600;

export const enum EtherType {
  Ipv4 = 0x0800,
  Arp = 0x0806,
  Ipv6 = 0x86dd,
}

export type EthernetHeader = {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  readonly type: u16;
};

/** The header at the front of `frame`. */
export function parseEthernet(frame: Slice<u8>): Result<EthernetHeader> {
  if (frame.length < ethernetHeaderBytes) return err("frame shorter than an Ethernet header");
  const type = frame.readU16be(typeAt);
  if (type < leastType) return err("IEEE 802.3 frame with a length, not a type");
  return ok({ destination: readMac(frame, destinationAt), source: readMac(frame, sourceAt), type });
}

/** Writes the header to `target`, which is exactly as long. */
export function emitEthernet(target: Slice<u8>, header: EthernetHeader): void {
  writeMac(target, destinationAt, header.destination);
  writeMac(target, sourceAt, header.source);
  target.writeU16be(typeAt, header.type);
}

export function formatEthernet(sink: ByteSink, header: EthernetHeader): void {
  formatMac(sink, header.source);
  sink.write(" > ".bytes());
  formatMac(sink, header.destination);
  format(sink, ` type 0x${hex(header.type, 4)}`);
}
