/** ICMP (RFC 792). */
import { format, type ByteSink } from "../../lib/format.ts";

const typeAt = 0;
const codeAt = 1;
export const icmpChecksumAt = 2;
const restAt = 4;
export const icmpHeaderBytes = 8;

export const enum IcmpType {
  EchoReply = 0,
  Unreachable = 3,
  SourceQuench = 4,
  Redirect = 5,
  Echo = 8,
  TimeExceeded = 11,
  ParameterProblem = 12,
}

/** Codes of `IcmpType.Unreachable`. */
export const enum UnreachableCode {
  Host = 1,
  Protocol = 2,
  Port = 3,
  FragmentationNeeded = 4,
}

/** Code of `IcmpType.TimeExceeded`: not all fragments came in time. */
export const reassemblyTime = 1;

export type IcmpHeader = {
  readonly type: u8;
  readonly code: u8;
  /** Echo: identifier and sequence number, 16 bits each. Errors: depends on the type. */
  readonly rest: u32;
};

/** The header at the front of `message`, whose checksum is somebody else's to verify. */
export function parseIcmp(message: Slice<u8>): Result<IcmpHeader> {
  if (message.length < icmpHeaderBytes) return err("ICMP message cut short");
  return ok({ type: message[typeAt], code: message[codeAt], rest: message.readU32be(restAt) });
}

/** Writes the header to `target`, with a checksum of 0: it covers the whole message. */
export function emitIcmp(target: Slice<u8>, header: IcmpHeader): void {
  target[typeAt] = header.type;
  target[codeAt] = header.code;
  target.writeU16be(icmpChecksumAt, 0);
  target.writeU32be(restAt, header.rest);
}

/** About a packet that came before: such a message is never answered with another error. */
export function isIcmpError(type: u8): boolean {
  switch (type) {
    case IcmpType.Unreachable:
    case IcmpType.SourceQuench:
    case IcmpType.Redirect:
    case IcmpType.TimeExceeded:
    case IcmpType.ParameterProblem:
      return true;
    default:
      return false;
  }
}

export function formatIcmp(sink: ByteSink, header: IcmpHeader): void {
  const isReply = header.type === IcmpType.EchoReply;
  if (isReply || header.type === IcmpType.Echo) {
    const kind = isReply ? "reply" : "request";
    format(sink, `icmp echo ${kind} id ${header.rest >> 16} seq ${header.rest & 0xffff}`);
  } else {
    format(sink, `icmp type ${header.type} code ${header.code}`);
  }
}
