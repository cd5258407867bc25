/** IPv4 addresses and prefixes, and their text. */
import { indexOf } from "../../lib/bytes.ts";
import { format, type ByteSink } from "../../lib/format.ts";

/** In the order of the text: the first number highest. */
export type Ipv4Address = Nominal<u32, "Ipv4Address">;

const dot = 0x2e;
const slash = 0x2f;
const mostDigits = 3;

export function toIpv4(value: u32): Ipv4Address {
  return value as Ipv4Address;
}

export function ipv4Number(address: Ipv4Address): u32 {
  return address as u32;
}

export function readIpv4(bytes: Slice<u8>, at: usize): Ipv4Address {
  return bytes.readU32be(at) as Ipv4Address;
}

export function writeIpv4(bytes: Slice<u8>, at: usize, address: Ipv4Address): void {
  bytes.writeU32be(at, address as u32);
}

/** Nobody's: this host, as long as it has none. */
export const noIpv4 = 0 as Ipv4Address;
/** Everybody on this link. */
export const limitedBroadcast = 0xffffffff as Ipv4Address;

/** Class D and E: groups, and what is reserved (RFC 1112). */
export function isGroupIpv4(address: Ipv4Address): boolean {
  return (address as u32) >> 28 >= 0xe;
}

/** Can be one host's address on a wire: not of network 0, not of this host itself (127), of no group (RFC 1122, 3.2.1.3). */
export function isHostIpv4(address: Ipv4Address): boolean {
  const network: u32 = (address as u32) >> 24;
  return network !== 0 && network !== 127 && !isGroupIpv4(address);
}

/** The mask of a prefix of `length` bits, at most 32. */
export function prefixMask(length: u32): u32 {
  return length === 0 ? 0 : (((0xffffffff as u32) << (32 - length)) as u32);
}

/** Whether both are of one network. */
export function sharePrefix(a: Ipv4Address, b: Ipv4Address, length: u32): boolean {
  return (((a as u32) ^ (b as u32)) & prefixMask(length)) === 0;
}

/** The last address of a network: all its hosts. */
export function subnetBroadcast(address: Ipv4Address, length: u32): Ipv4Address {
  return ((address as u32) | ~prefixMask(length)) as Ipv4Address;
}

/** Four decimal numbers with dots. */
export function parseIpv4(text: Slice<u8>): Result<Ipv4Address> {
  let value: u32 = 0;
  let rest = text;
  for (let part: u32 = 0; part < 4; part++) {
    const end = part < 3 ? indexOf(rest, dot) : rest.length;
    const number = decimal(rest.slice(0, end), 255);
    if (!number.ok || (part < 3 && end === rest.length))
      return err("expected four numbers of 0 to 255 with dots");
    value = (value << 8) | number.value;
    rest = part < 3 ? rest.slice(end + 1) : rest;
  }
  return ok(value as Ipv4Address);
}

/** What follows the slash: 0 to 32. */
export function parsePrefixLength(text: Slice<u8>): Result<u32> {
  return decimal(text, 32);
}

/** A mask as the number of its bits, which must be the highest ones. */
export function parseMask(text: Slice<u8>): Result<u32> {
  const mask = parseIpv4(text);
  if (!mask.ok) return err(mask.error);
  const length = popCount(mask.value);
  return prefixMask(length) === (mask.value as u32)
    ? ok(length)
    : err("expected a netmask whose ones come first");
}

/** Where the slash of `address/length` is; the text's length where there is none. */
export function slashIn(text: Slice<u8>): usize {
  return indexOf(text, slash);
}

function decimal(digits: Slice<u8>, most: u32): Result<u32> {
  let value: u32 = 0;
  if (digits.length === 0 || digits.length > mostDigits) return err("expected one to three digits");
  for (const digit of digits) {
    if (digit < 0x30 || digit > 0x39) return err("not a digit");
    value = value * 10 + digit - 0x30;
  }
  return value <= most ? ok(value) : err("the number is too large");
}

export function formatIpv4(sink: ByteSink, address: Ipv4Address): void {
  const value = address as u32;
  format(sink, `${value >> 24}.${(value >> 16) & 255}.${(value >> 8) & 255}.${value & 255}`);
}
