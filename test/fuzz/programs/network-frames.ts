/** Frames of any kind for the network stack, with their checksums put right so that they get far; and time goes by. */
import { internetChecksum } from "../../../kernel/lib/internet-checksum.ts";
import {
  bind,
  echo,
  freeBuffers,
  input,
  output,
  portNumber,
  receive,
  start,
  tick,
  totalBuffers,
} from "../../unit/net/programs/doors/stack.ts";

const ourAddress = 0x0a000001;
const frame = new FixedArray<u8, 2048>();
const room = new FixedArray<u8, 65600>();

/** What the first byte of a step means; a length and so many bytes follow those that carry a frame. */
const enum Step {
  /** Bytes as they are, from the Ethernet header on. */
  Frame,
  /** Behind an Ethernet header to us: an ARP packet. */
  Arp,
  /** Behind an Ethernet header to us: an IPv4 packet, its header's checksum put right. */
  Ipv4,
  /** The same, with the ICMP checksum. */
  Icmp,
  /** What waits at the port goes back. */
  Echo,
  Read,
  Second,
  Minute,
  Count,
}

export function LLVMFuzzerTestOneInput(bytes: Slice<u8>): i32 {
  start(ourAddress, 24, 0x0a0000fe, 1500, 0);
  if (portNumber(0) === 0 && !bind(0, 7)) return 0;
  let now: u64 = 0;
  let at: usize = 0;
  while (at + 1 < bytes.length) {
    const kind: u32 = bytes[at] % Step.Count;
    const length: usize = min<usize>(bytes[at + 1] as usize, bytes.length - at - 2);
    const body = bytes.slice(at + 2, at + 2 + length);
    at += 2;
    if (kind <= Step.Icmp) {
      make(kind, body, now);
      at += length;
    } else if (kind === Step.Echo) {
      if (!echo(0, now)) now += 1;
    } else if (kind === Step.Read) {
      if (!receive(0, room)) now += 1;
    } else now += kind === Step.Second ? 1000000000 : 60000000000;
    tick(now);
    while (output(room) > 0);
  }
  for (let wait: u32 = 0; wait < 4; wait++) {
    now += 60000000000;
    tick(now);
    while (output(room) > 0);
  }
  while (receive(0, room));
  assert(freeBuffers() === totalBuffers(), "no frame keeps a buffer for ever");
  return 0;
}

/** Behind an Ethernet header from another station, or as it is. */
function make(kind: u32, body: Slice<u8>, now: u64): void {
  const header: usize = kind === Step.Frame ? 0 : 14;
  const whole = frame.slice(0, header + body.length);
  whole.slice(header).copyFrom(body);
  if (header > 0) {
    whole.writeU16be(0, 0x0016);
    whole.writeU32be(2, 0x3e000001);
    whole.writeU16be(6, 0x0200);
    whole.writeU32be(8, 2);
    whole.writeU16be(12, kind === Step.Arp ? 0x0806 : 0x0800);
  }
  if (kind >= Step.Ipv4) putRight(whole.slice(14), kind === Step.Icmp);
  input(whole, 4096, 0, now);
}

/** An IPv4 header for us, whatever else it says. */
function putRight(packet: Slice<u8>, isIcmp: boolean): void {
  if (packet.length < 20) return;
  packet[0] = 0x45;
  packet.writeU16be(2, packet.length as u16);
  if (isIcmp) packet[9] = 1;
  packet.writeU32be(12, 0x0a000002);
  packet.writeU32be(16, ourAddress);
  packet.writeU16be(10, 0);
  packet.writeU16be(10, internetChecksum(packet.slice(0, 20)));
  const message = packet.slice(20);
  if (!isIcmp || message.length < 8) return;
  message.writeU16be(2, 0);
  message.writeU16be(2, internetChecksum(message));
}
