/** ICMP for IPv4: answers echoes, and passes on answers and errors that came back. */
import { Checksum, type FrameQueue, type PacketBuffer } from "../dev/packet.ts";
import { foldSum, updateChecksum } from "../lib/internet-checksum.ts";
import { isSameAddress, ofIpv4, type IpAddress } from "./ip-address.ts";
import type { Ipv4 } from "./ipv4.ts";
import { allocatePayload, sumPayload } from "./payload.ts";
import { SendFault, type Datagram, type Failure, type Transport } from "./network-layer.ts";
import {
  icmpChecksumAt,
  icmpHeaderBytes,
  IcmpType,
  emitIcmp,
  isIcmpError,
  parseIcmp,
  UnreachableCode,
  type IcmpHeader,
} from "./wire/icmp.ts";
import { IpProtocol, parseQuotedIpv4 } from "./wire/ipv4.ts";

/** Who has sent echo requests. */
export interface EchoListener {
  /** `length` is that of the whole message. */
  answered(from: IpAddress, identifier: u16, sequence: u16, length: u32, now: u64): void;
  failed(failure: Failure, identifier: u16, sequence: u16): void;
}

@struct
export class Icmp implements Transport {
  readonly ipv4: Ipv4;
  listener: EchoListener | null = null;
  echoesAnswered: u64 = 0;
  repliesReceived: u64 = 0;
  errorsReceived: u64 = 0;

  constructor(ipv4: Ipv4) {
    this.ipv4 = ipv4;
  }

  receive(datagram: Datagram, now: u64): void {
    const first = datagram.frames.first;
    if (first === null) return;
    const parsed = parseIcmp(first.bytes());
    if (!parsed.ok) datagram.link.drop(parsed.error);
    else if (foldSum(sumPayload(datagram.frames)) !== 0xffff) datagram.link.drop("wrong ICMP checksum");
    else this.dispatch(datagram, first, parsed.value, now);
  }

  dispatch(datagram: Datagram, first: PacketBuffer, header: IcmpHeader, now: u64): void {
    if (header.type === IcmpType.Echo) {
      if (datagram.isGroup)
        datagram.link.drop("ICMP echo request to all"); // RFC 1122, 3.2.2.6
      else this.answer(datagram, first, now);
    } else if (header.type === IcmpType.EchoReply) {
      this.repliesReceived++;
      const identifier = (header.rest >> 16) as u16;
      this.listener?.answered(datagram.source, identifier, header.rest as u16, datagram.length, now);
    } else if (isIcmpError(header.type)) {
      this.errorsReceived++;
      this.passOn(datagram, header, first.bytes().slice(icmpHeaderBytes));
    } else datagram.link.drop("ICMP of a type that is not served");
  }

  /** The request's frames become the reply: only the type changes, and the checksum with it. */
  answer(datagram: Datagram, first: PacketBuffer, now: u64): void {
    const bytes = first.bytes();
    const before = bytes.readU16be(0);
    bytes[0] = IcmpType.EchoReply as u8;
    const checksum = updateChecksum(bytes.readU16be(icmpChecksumAt), before, bytes.readU16be(0));
    bytes.writeU16be(icmpChecksumAt, checksum);
    first.checksum = Checksum.Unknown;
    const sent = this.send(datagram.source, datagram.frames, now);
    if (sent.ok) this.echoesAnswered++;
  }

  /** Sends a message whose checksum is in place; takes over its frames. */
  send(to: IpAddress, frames: FrameQueue, now: u64): Result<undefined, SendFault> {
    const route = this.ipv4.route(to);
    if (route.ok) return this.ipv4.send(route.value, IpProtocol.Icmp, frames, now);
    this.ipv4.pool.giveAll(frames);
    return err(route.error);
  }

  /** An error about a packet of ours goes to the protocol that sent it. */
  passOn(datagram: Datagram, header: IcmpHeader, quoted: Slice<u8>): void {
    const packet = parseQuotedIpv4(quoted);
    if (!packet.ok || !isSameAddress(ofIpv4(packet.value.source), datagram.destination)) {
      datagram.link.drop("ICMP error about no packet of ours");
      return;
    }
    const destination = ofIpv4(packet.value.destination);
    const failure: Failure = { destination, reporter: datagram.source, what: describe(header) };
    const transport = this.ipv4.transportOf(packet.value.protocol);
    transport?.failed(failure, quoted.slice(packet.value.headerBytes));
  }

  failed(failure: Failure, quoted: Slice<u8>): void {
    const header = parseIcmp(quoted);
    if (!header.ok || header.value.type !== IcmpType.Echo) return;
    this.listener?.failed(failure, (header.value.rest >> 16) as u16, header.value.rest as u16);
  }

  /** Buffers for an echo request with `length` bytes: they go to `frames`, which is empty before. */
  prepare(to: IpAddress, length: u32, frames: FrameQueue): Result<undefined, SendFault> {
    const route = this.ipv4.route(to);
    if (!route.ok) return err(route.error);
    return allocatePayload(this.ipv4.pool, this.ipv4, route.value, icmpHeaderBytes, length, frames);
  }

  /** Sends an echo request whose payload is in `frames`, with room for the headers; takes over the frames. */
  request(
    to: IpAddress,
    identifier: u16,
    sequence: u16,
    frames: FrameQueue,
    now: u64,
  ): Result<undefined, SendFault> {
    const first = frames.first;
    assert(first !== null, "a payload has a frame, be it empty");
    const rest: u32 = ((identifier as u32) << 16) | sequence;
    const header = first.prepend(icmpHeaderBytes);
    emitIcmp(header, { type: IcmpType.Echo, code: 0, rest });
    header.writeU16be(icmpChecksumAt, ~foldSum(sumPayload(frames)) as u16);
    return this.send(to, frames, now);
  }
}

function describe(header: IcmpHeader): string {
  if (header.type === IcmpType.TimeExceeded) return "it was on its way for too long";
  if (header.type !== IcmpType.Unreachable) return "it was not accepted";
  switch (header.code) {
    case UnreachableCode.Host:
      return "the host does not answer";
    case UnreachableCode.Protocol:
      return "the host does not speak the protocol";
    case UnreachableCode.Port:
      return "nobody listens at the port";
    case UnreachableCode.FragmentationNeeded:
      return "it is too long for the way";
    default:
      return "it cannot be delivered";
  }
}
