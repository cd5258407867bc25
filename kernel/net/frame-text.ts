/** A frame in one line, for those who look at what passes. */
import type { ByteSink } from "../lib/format.ts";
import { formatArp, parseArp } from "./wire/arp.ts";
import { ethernetHeaderBytes, EtherType, formatEthernet, parseEthernet } from "./wire/ethernet.ts";
import { formatIcmp, parseIcmp } from "./wire/icmp.ts";
import { formatIpv4Header, IpProtocol, parseQuotedIpv4 } from "./wire/ipv4.ts";
import { formatUdp, parseQuotedUdp } from "./wire/udp.ts";

/** What the outermost header that is understood says, and those in it. */
export function formatFrame(sink: ByteSink, frame: Slice<u8>): void {
  const ethernet = parseEthernet(frame);
  if (!ethernet.ok) {
    sink.write(ethernet.error.bytes());
    return;
  }
  const payload = frame.slice(ethernetHeaderBytes);
  const arp = parseArp(payload);
  if (ethernet.value.type === EtherType.Ipv4) formatPacket(sink, payload);
  else if (ethernet.value.type === EtherType.Arp && arp.ok) formatArp(sink, arp.value);
  else formatEthernet(sink, ethernet.value);
}

function formatPacket(sink: ByteSink, packet: Slice<u8>): void {
  const header = parseQuotedIpv4(packet);
  if (!header.ok) {
    sink.write(header.error.bytes());
    return;
  }
  formatIpv4Header(sink, header.value);
  if (header.value.fragmentOffset > 0) return;
  const payload = packet.slice(header.value.headerBytes);
  const icmp = parseIcmp(payload);
  const udp = parseQuotedUdp(payload);
  sink.write(" ".bytes());
  if (header.value.protocol === IpProtocol.Icmp && icmp.ok) formatIcmp(sink, icmp.value);
  if (header.value.protocol === IpProtocol.Udp && udp.ok) formatUdp(sink, udp.value);
}
