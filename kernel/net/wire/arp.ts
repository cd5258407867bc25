/** ARP (RFC 826) for IPv4 over Ethernet. */
import { formatMac, isStationMac, readMac, writeMac, type MacAddress } from "../../dev/mac-address.ts";
import type { ByteSink } from "../../lib/format.ts";
import { EtherType } from "./ethernet.ts";
import { formatIpv4, readIpv4, writeIpv4, type Ipv4Address } from "./ipv4-address.ts";

const hardwareAt = 0;
const protocolAt = 2;
const hardwareLengthAt = 4;
const protocolLengthAt = 5;
const operationAt = 6;
const senderMacAt = 8;
const senderIpAt = 14;
const targetMacAt = 18;
const targetIpAt = 24;
export const arpBytes = 28;

const ethernetHardware = 1;

export const enum ArpOperation {
  Request = 1,
  Reply = 2,
}

export type ArpPacket = {
  readonly operation: ArpOperation;
  readonly senderMac: MacAddress;
  readonly senderIp: Ipv4Address;
  readonly targetMac: MacAddress;
  readonly targetIp: Ipv4Address;
};

/** What follows the Ethernet header; bytes behind the packet are padding. */
export function parseArp(bytes: Slice<u8>): Result<ArpPacket> {
  if (bytes.length < arpBytes) return err("ARP packet cut short");
  const forEthernet = bytes.readU16be(hardwareAt) === ethernetHardware && bytes[hardwareLengthAt] === 6;
  const forIpv4 = bytes.readU16be(protocolAt) === EtherType.Ipv4 && bytes[protocolLengthAt] === 4;
  if (!forEthernet || !forIpv4) return err("ARP not for IPv4 over Ethernet");
  const operation = bytes.readU16be(operationAt);
  if (operation !== ArpOperation.Request && operation !== ArpOperation.Reply)
    return err("unknown ARP operation");
  const senderMac = readMac(bytes, senderMacAt);
  if (!isStationMac(senderMac)) return err("ARP sender that is no station");
  return ok({
    operation: operation as ArpOperation,
    senderMac,
    senderIp: readIpv4(bytes, senderIpAt),
    targetMac: readMac(bytes, targetMacAt),
    targetIp: readIpv4(bytes, targetIpAt),
  });
}

/** Writes the packet to `target`, which is exactly as long. */
export function emitArp(target: Slice<u8>, packet: ArpPacket): void {
  target.writeU16be(hardwareAt, ethernetHardware);
  target.writeU16be(protocolAt, EtherType.Ipv4 as u16);
  target[hardwareLengthAt] = 6;
  target[protocolLengthAt] = 4;
  target.writeU16be(operationAt, packet.operation as u16);
  writeMac(target, senderMacAt, packet.senderMac);
  writeIpv4(target, senderIpAt, packet.senderIp);
  writeMac(target, targetMacAt, packet.targetMac);
  writeIpv4(target, targetIpAt, packet.targetIp);
}

/** As tcpdump says it. */
export function formatArp(sink: ByteSink, packet: ArpPacket): void {
  if (packet.operation === ArpOperation.Request) {
    sink.write("arp who-has ".bytes());
    formatIpv4(sink, packet.targetIp);
    sink.write(" tell ".bytes());
    formatIpv4(sink, packet.senderIp);
  } else {
    sink.write("arp reply ".bytes());
    formatIpv4(sink, packet.senderIp);
    sink.write(" is-at ".bytes());
    formatMac(sink, packet.senderMac);
  }
}
