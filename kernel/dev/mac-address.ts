/** Ethernet addresses: 48 bits, the first byte on the wire highest. */
import { format, type ByteSink } from "../lib/format.ts";

export type MacAddress = Nominal<u64, "MacAddress">;

export const macAddressBytes = 6;
const hexDigits = 12;
const colon = 0x3a;

export function toMacAddress(value: u64): MacAddress {
  return value as MacAddress;
}

/** Nobody's. */
export const noMac = 0 as MacAddress;
/** Every station's. */
export const broadcastMac = 0xffffffffffff as MacAddress;

export function readMac(bytes: Slice<u8>, at: usize): MacAddress {
  return (((bytes.readU16be(at) as u64) << 32) | bytes.readU32be(at + 2)) as MacAddress;
}

export function writeMac(bytes: Slice<u8>, at: usize, address: MacAddress): void {
  const value = address as u64;
  bytes.writeU16be(at, (value >> 32) as u16);
  bytes.writeU32be(at + 2, value as u32);
}

/** For several stations (IEEE 802: the lowest bit of the first byte); broadcast is one of these. */
export function isGroupMac(address: MacAddress): boolean {
  return ((address as u64) & 0x010000000000) !== 0;
}

/** Can be one station's own address. */
export function isStationMac(address: MacAddress): boolean {
  return (address as u64) !== 0 && !isGroupMac(address);
}

/** `00:16:3e:12:34:56`, as xenstore has it. */
export function parseMac(text: Slice<u8>): Result<MacAddress> {
  let value: u64 = 0;
  let digits: u32 = 0;
  let sinceColon: u32 = 0;
  for (const byte of text) {
    if (byte === colon && sinceColon === 2) {
      sinceColon = 0;
      continue;
    }
    const digit = digitOf(byte);
    if (digit > 15 || sinceColon === 2 || digits === hexDigits)
      return err("expected six pairs of hex digits");
    value = (value << 4) | digit;
    digits++;
    sinceColon++;
  }
  if (digits !== hexDigits || sinceColon !== 2) return err("expected six pairs of hex digits");
  return ok(value as MacAddress);
}

function digitOf(byte: u8): u64 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter: u8 = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 255;
}

export function formatMac(sink: ByteSink, address: MacAddress): void {
  const value = address as u64;
  const high = hex((value >> 40) & 255, 2);
  format(sink, `${high}:${hex((value >> 32) & 255, 2)}:${hex((value >> 24) & 255, 2)}:`);
  format(sink, `${hex((value >> 16) & 255, 2)}:${hex((value >> 8) & 255, 2)}:${hex(value & 255, 2)}`);
}
