/** Frames as a neighbour would make them, written down independently of the kernel. */

export const ourMac = "00:16:3e:00:00:01";
export const peerMac = "02:00:00:00:00:02";
export const everybody = "ff:ff:ff:ff:ff:ff";

/** Four numbers with dots as one number, the first highest. */
export function ip(text: string): number {
  return text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

export function mac(text: string): Buffer {
  return Buffer.from(text.replaceAll(":", ""), "hex");
}

/** RFC 1071, word by word. */
export function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return ~sum & 0xffff;
}

export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export interface Ethernet {
  readonly to?: string;
  readonly from?: string;
  readonly type?: number;
}

export function ethernet(
  payload: Buffer,
  { to = ourMac, from = peerMac, type = 0x800 }: Ethernet = {},
): Buffer {
  return Buffer.concat([mac(to), mac(from), u16(type), payload]);
}

export interface Arp {
  readonly operation?: number;
  readonly senderMac?: string;
  readonly sender?: string;
  readonly targetMac?: string;
  readonly target?: string;
}

export function arp(fields: Arp = {}, link: Ethernet = {}): Buffer {
  const { operation = 1, senderMac = peerMac, sender = "10.0.0.2", targetMac = "00:00:00:00:00:00" } = fields;
  const { target = "10.0.0.1" } = fields;
  const packet = [
    u16(1, 0x800, 0x604, operation),
    mac(senderMac),
    u32(ip(sender)),
    mac(targetMac),
    u32(ip(target)),
  ];
  return ethernet(Buffer.concat(packet), { to: operation === 1 ? everybody : ourMac, ...link, type: 0x806 });
}

export interface Ipv4 {
  readonly from?: string;
  readonly to?: string;
  readonly protocol?: number;
  readonly id?: number;
  /** In bytes. */
  readonly offset?: number;
  readonly more?: boolean;
  readonly options?: Buffer;
  readonly totalLength?: number;
}

export function ipv4(payload: Buffer, fields: Ipv4 = {}): Buffer {
  const { from = "10.0.0.2", to = "10.0.0.1", protocol = 1, id = 7, offset = 0, more = false } = fields;
  const options = fields.options ?? Buffer.alloc(0);
  const length = 20 + options.length;
  const header = Buffer.concat([
    Buffer.from([0x40 | (length / 4), 0]),
    u16(fields.totalLength ?? length + payload.length, id, (more ? 0x2000 : 0) | (offset / 8)),
    Buffer.from([64, protocol, 0, 0]),
    u32(ip(from)),
    u32(ip(to)),
    options,
  ]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** An ICMP message, signed. */
export function icmp(type: number, code: number, rest: number, payload: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from([type, code, 0, 0]), u32(rest), payload]);
  message.writeUInt16BE(checksum(message), 2);
  return message;
}

export interface Udp {
  readonly from?: string;
  readonly to?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly checksum?: number;
  readonly length?: number;
}

export function udp(payload: Buffer, fields: Udp = {}): Buffer {
  const { from = "10.0.0.2", to = "10.0.0.1", fromPort = 5000, toPort = 7 } = fields;
  const length = fields.length ?? payload.length + 8;
  const datagram = Buffer.concat([u16(fromPort, toPort, length, 0), payload]);
  const pseudo = Buffer.concat([u32(ip(from)), u32(ip(to)), u16(17, length)]);
  const right = checksum(Buffer.concat([pseudo, datagram])) || 0xffff;
  datagram.writeUInt16BE(fields.checksum ?? right, 6);
  return datagram;
}

/** A datagram's payload in fragments, as frames, in order. */
export function fragments(payload: Buffer, bytes: number, fields: Ipv4 = {}): Buffer[] {
  const frames: Buffer[] = [];
  for (let offset = 0; offset < payload.length; offset += bytes) {
    const part = payload.subarray(offset, offset + bytes);
    frames.push(ethernet(ipv4(part, { ...fields, offset, more: offset + bytes < payload.length })));
  }
  return frames;
}

/** What the kernel sent, taken apart; throws where a length or a header checksum is wrong. */
export function parseIpv4Frame(frame: Buffer): {
  to: string;
  protocol: number;
  source: number;
  destination: number;
  id: number;
  more: boolean;
  dontFragment: boolean;
  offset: number;
  payload: Buffer;
} {
  const header = frame.subarray(14, 34);
  if (frame.readUInt16BE(12) !== 0x800 || header[0] !== 0x45)
    throw new Error(`no IPv4: ${frame.toString("hex")}`);
  if (checksum(header) !== 0) throw new Error("wrong IPv4 header checksum");
  if (header.readUInt16BE(2) !== frame.length - 14) throw new Error("wrong IPv4 total length");
  const place = header.readUInt16BE(6);
  return {
    to: frame
      .subarray(0, 6)
      .toString("hex")
      .replaceAll(/(..)(?=.)/g, "$1:"),
    protocol: header[9] ?? 0,
    source: header.readUInt32BE(12),
    destination: header.readUInt32BE(16),
    id: header.readUInt16BE(4),
    more: (place & 0x2000) !== 0,
    dontFragment: (place & 0x4000) !== 0,
    offset: (place & 0x1fff) * 8,
    payload: frame.subarray(34),
  };
}

/** A payload that arrived in frames, in whichever order: they must fit together without gaps. */
export function joined(frames: readonly Buffer[]): Buffer {
  const parts = frames.map(parseIpv4Frame).sort((a, b) => a.offset - b.offset);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (part.offset !== at || part.more !== index < parts.length - 1) throw new Error("fragments do not fit");
    at += part.payload.length;
  }
  return Buffer.concat(parts.map(({ payload }) => payload));
}

/** Whether a UDP datagram's checksum is right. */
export function isUdpRight(datagram: Buffer, from: string, to: string): boolean {
  const pseudo = Buffer.concat([u32(ip(from)), u32(ip(to)), u16(17, datagram.length)]);
  return checksum(Buffer.concat([pseudo, datagram])) === 0;
}
