/** A receive buffer: what a network driver hands up. */
@struct({ size: 128 })
export class Frame {
  length: u32 = 0;
  readonly bytes = new FixedArray<u8, 124>();
}

/** What came in, by protocol. */
@struct({ size: 64 })
export class Counters {
  malformed: u64 = 0;
  arp: u64 = 0;
  icmp: u64 = 0;
  tcp: u64 = 0;
  udp: u64 = 0;
  unknown: u64 = 0;
  /** Bytes of payload behind the transport headers. */
  payload: u64 = 0;
  /** Sum of the destination ports. */
  ports: u64 = 0;
}

const enum EtherType {
  Ipv4 = 0x0800,
  Arp = 0x0806,
}
const enum Protocol {
  Icmp = 1,
  Tcp = 6,
  Udp = 17,
}
const ETHERNET_HEADER = 14;
const ARP_PACKET = 28;
const IPV4_HEADER = 20;
const ICMP_HEADER = 8;
const TCP_HEADER = 20;
const UDP_HEADER = 8;

/** Parses each frame down to its transport header and counts it. */
export function dispatchAll(frames: Slice<Frame>, counters: Counters): void {
  for (const frame of frames) {
    dispatchEthernet(frame.bytes.slice(0, frame.length), counters);
  }
}

function dispatchEthernet(frame: Slice<u8>, counters: Counters): void {
  if (frame.length < ETHERNET_HEADER) {
    counters.malformed++;
    return;
  }
  const packet = frame.slice(ETHERNET_HEADER);
  switch (frame.readU16be(12)) {
    case EtherType.Ipv4:
      dispatchIpv4(packet, counters);
      break;
    case EtherType.Arp:
      dispatchArp(packet, counters);
      break;
    default:
      counters.unknown++;
      break;
  }
}

function dispatchArp(packet: Slice<u8>, counters: Counters): void {
  if (packet.length < ARP_PACKET || packet.readU16be(0) !== 1 || packet.readU16be(2) !== EtherType.Ipv4) {
    counters.malformed++;
    return;
  }
  counters.arp++;
}

function dispatchIpv4(packet: Slice<u8>, counters: Counters): void {
  if (packet.length < IPV4_HEADER || packet[0] >> 4 !== 4) {
    counters.malformed++;
    return;
  }
  const headerLength: usize = (packet[0] & 15) * 4;
  const totalLength: usize = packet.readU16be(2);
  if (headerLength < IPV4_HEADER || totalLength < headerLength || totalLength > packet.length) {
    counters.malformed++;
    return;
  }
  const payload = packet.slice(headerLength, totalLength);
  switch (packet[9]) {
    case Protocol.Icmp:
      dispatchIcmp(payload, counters);
      break;
    case Protocol.Tcp:
      dispatchTcp(payload, counters);
      break;
    case Protocol.Udp:
      dispatchUdp(payload, counters);
      break;
    default:
      counters.unknown++;
      break;
  }
}

function dispatchIcmp(message: Slice<u8>, counters: Counters): void {
  if (message.length < ICMP_HEADER) {
    counters.malformed++;
    return;
  }
  counters.icmp++;
  counters.payload += message.length - ICMP_HEADER;
}

function dispatchTcp(segment: Slice<u8>, counters: Counters): void {
  if (segment.length < TCP_HEADER) {
    counters.malformed++;
    return;
  }
  const headerLength: usize = (segment[12] >> 4) * 4;
  if (headerLength < TCP_HEADER || headerLength > segment.length) {
    counters.malformed++;
    return;
  }
  counters.tcp++;
  counters.ports += segment.readU16be(2);
  counters.payload += segment.length - headerLength;
}

function dispatchUdp(datagram: Slice<u8>, counters: Counters): void {
  if (datagram.length < UDP_HEADER) {
    counters.malformed++;
    return;
  }
  const length: usize = datagram.readU16be(4);
  if (length < UDP_HEADER || length > datagram.length) {
    counters.malformed++;
    return;
  }
  counters.udp++;
  counters.ports += datagram.readU16be(2);
  counters.payload += length - UDP_HEADER;
}
