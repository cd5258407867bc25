/** Addresses as sockets and transport protocols have them: IPv6's 128 bits, with IPv4 inside as ::ffff:a.b.c.d (RFC 4291). */
import type { ByteSink } from "../lib/format.ts";
import { formatIpv4, ipv4Number, toIpv4, type Ipv4Address } from "./wire/ipv4-address.ts";

export type IpAddress = { readonly high: u64; readonly low: u64 };

const ipv4Prefix = 0xffff00000000;

export function ofIpv4(address: Ipv4Address): IpAddress {
  const number: u64 = ipv4Number(address);
  return { high: 0, low: ipv4Prefix | number };
}

export function isIpv4(address: IpAddress): boolean {
  return address.high === 0 && (address.low & 0xffffffff00000000) === ipv4Prefix;
}

/** The address that `ofIpv4` was given. */
export function ipv4Of(address: IpAddress): Ipv4Address {
  assert(isIpv4(address), "an IPv4 address is inside");
  return toIpv4(address.low as u32);
}

export function isSameAddress(a: IpAddress, b: IpAddress): boolean {
  return a.low === b.low && a.high === b.high;
}

/**
 * What TCP and UDP sum up besides their own bytes (RFC 768; RFC 8200, section 8.1). It is right for IPv4 too: the 16 ones in
 * front of the address are zero in one's complement.
 */
export function pseudoHeaderSum(source: IpAddress, destination: IpAddress, protocol: u8, length: u32): u32 {
  const addresses =
    wordSum(source.high) + wordSum(source.low) + wordSum(destination.high) + wordSum(destination.low);
  return addresses + protocol + (length >> 16) + (length & 0xffff);
}

function wordSum(words: u64): u32 {
  const pairs: u64 = (words & 0xffff0000ffff) + ((words >> 16) & 0xffff0000ffff);
  return (pairs + (pairs >> 32)) as u32;
}

export function formatIp(sink: ByteSink, address: IpAddress): void {
  formatIpv4(sink, ipv4Of(address));
}
