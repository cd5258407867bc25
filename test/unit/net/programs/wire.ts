//> ethernet: 00:0c:29:ab:cd:ef > ff:ff:ff:ff:ff:ff type 0x0806, again: true
//> arp: arp who-has 192.168.0.199 tell 192.168.0.1, again: true
//> arp reply: arp reply 192.168.0.1 is-at 00:0c:29:ab:cd:ef
//> ipv4: 192.168.0.1 > 192.168.0.199 ttl 64 length 115, again: true
//> fragment: 192.168.0.1 > 192.168.0.199 ttl 64 length 115 fragment 7:1480+, again: true
//> icmp: icmp echo request id 1 seq 9, icmp echo reply id 1 seq 9, icmp type 3 code 3
//> errors: true false
//> udp: udp 53 > 1024 length 4, again: true
//> refused: frame shorter than an Ethernet header; IEEE 802.3 frame with a length, not a type
//> refused: ARP packet cut short; ARP not for IPv4 over Ethernet; unknown ARP operation; ARP sender that is no station
//> refused: packet shorter than an IPv4 header; IPv4 frame with another version inside; IPv4 header length below 20
//> refused: IPv4 header cut short; IPv4 total length below its header's; wrong IPv4 header checksum; IPv4 packet cut short
//> refused: IPv4 fragment beyond the longest datagram
//> refused: packet shorter than a UDP header; UDP length below its header's; UDP datagram cut short; UDP to port 0
//> refused: ICMP message cut short
//> checksums: 220d, b861, 0000, odd 1a ff, empty ffff
//> addresses: 10.1.2.3 ok, 256.1.1.1 no, 1.2.3 no, 1.2.3.4.5 no, 1..2.3 no, 0001.2.3.4 no
//> masks: 16 32 0 refused
//> macs: 00:16:3e:12:34:56, refused refused refused
/** Wire formats, on bytes as they were on a wire (Wireshark's samples, RFC 1071, RFC 1624). */
import { print } from "xenlet:host";
import { formatMac, parseMac, type MacAddress } from "../../../../kernel/dev/mac-address.ts";
import type { ByteSink } from "../../../../kernel/lib/format.ts";
import { internetChecksum, updateChecksum } from "../../../../kernel/lib/internet-checksum.ts";
import { arpBytes, emitArp, formatArp, parseArp } from "../../../../kernel/net/wire/arp.ts";
import { emitEthernet, formatEthernet, parseEthernet } from "../../../../kernel/net/wire/ethernet.ts";
import { formatIcmp, isIcmpError, parseIcmp } from "../../../../kernel/net/wire/icmp.ts";
import { emitIpv4, formatIpv4Header, parseIpv4Header } from "../../../../kernel/net/wire/ipv4.ts";
import { formatIpv4, parseIpv4, parseMask } from "../../../../kernel/net/wire/ipv4-address.ts";
import { emitUdp, formatUdp, parseUdp } from "../../../../kernel/net/wire/udp.ts";

@struct
class Line implements ByteSink {
  readonly bytes = new FixedArray<u8, 200>();
  length: usize = 0;
  write(bytes: Slice<u8>): void {
    this.bytes.slice(this.length).copyFrom(bytes);
    this.length += bytes.length;
  }
  show(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }
}

// prettier-ignore
const arpFrame: FixedArray<u8, 42> = [
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x0c, 0x29, 0xab, 0xcd, 0xef, 0x08, 0x06,
  0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x00, 0x0c, 0x29, 0xab, 0xcd, 0xef, 0xc0, 0xa8, 0x00, 0x01,
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xa8, 0x00, 0xc7];
// prettier-ignore
const ipHeader: FixedArray<u8, 20> = [
  0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7];
// prettier-ignore
const echo: FixedArray<u8, 8> = [0x08, 0x00, 0x4d, 0x52, 0x00, 0x01, 0x00, 0x09];
const datagram: FixedArray<u8, 12> = [0, 53, 4, 0, 0, 12, 0xab, 0xcd, 1, 2, 3, 4];

const room = new FixedArray<u8, 64>();

function ethernet(): void {
  const line = new Line();
  const header = parseEthernet(arpFrame);
  if (!header.ok) return;
  formatEthernet(line, header.value);
  emitEthernet(room.slice(0, 14), header.value);
  print(`ethernet: ${text(line.show())}, again: ${room.slice(0, 14).equals(arpFrame.slice(0, 14))}`);
}

function arp(): void {
  const line = new Line();
  const packet = parseArp(arpFrame.slice(14));
  if (!packet.ok) return;
  formatArp(line, packet.value);
  emitArp(room.slice(0, arpBytes), packet.value);
  print(`arp: ${text(line.show())}, again: ${room.slice(0, arpBytes).equals(arpFrame.slice(14))}`);
  room[7] = 2;
  const reply = parseArp(room);
  if (!reply.ok) return;
  const second = new Line();
  formatArp(second, reply.value);
  print(`arp reply: ${text(second.show())}`);
}

function ipv4(): void {
  const line = new Line();
  const header = parseIpv4Header(ipHeader, 115);
  if (!header.ok) return;
  formatIpv4Header(line, header.value);
  emitIpv4(room.slice(0, 20), header.value);
  print(`ipv4: ${text(line.show())}, again: ${room.slice(0, 20).equals(ipHeader)}`);
  room.copyFrom(ipHeader);
  room[5] = 7;
  room[6] = 0x20;
  room[7] = 185;
  sign();
  const fragment = parseIpv4Header(room, 115);
  if (!fragment.ok) return;
  const second = new Line();
  formatIpv4Header(second, fragment.value);
  emitIpv4(room.slice(20, 40), fragment.value);
  const again = room.slice(20, 40).equals(room.slice(0, 20));
  print(`fragment: ${text(second.show())}, again: ${again}`);
}

/** Puts the right header checksum in. */
function sign(): void {
  room.writeU16be(10, 0);
  room.writeU16be(10, internetChecksum(room.slice(0, 20)));
}

function icmp(): void {
  const request = new Line();
  const reply = new Line();
  const other = new Line();
  const header = parseIcmp(echo);
  room.copyFrom(echo);
  room[0] = 0;
  const answer = parseIcmp(room);
  room[0] = 3;
  room[1] = 3;
  const error = parseIcmp(room);
  if (!header.ok || !answer.ok || !error.ok) return;
  formatIcmp(request, header.value);
  formatIcmp(reply, answer.value);
  formatIcmp(other, error.value);
  print(`icmp: ${text(request.show())}, ${text(reply.show())}, ${text(other.show())}`);
  print(`errors: ${isIcmpError(3)} ${isIcmpError(8)}`);
}

function udp(): void {
  const line = new Line();
  const header = parseUdp(datagram, 12);
  if (!header.ok) return;
  formatUdp(line, header.value);
  emitUdp(room.slice(0, 8), header.value);
  print(`udp: ${text(line.show())}, again: ${room.slice(0, 8).equals(datagram.slice(0, 8))}`);
}

function frameFault(length: usize, type: u8): string {
  room.copyFrom(arpFrame);
  room[12] = type;
  const parsed = parseEthernet(room.slice(0, length));
  return parsed.ok ? "accepted" : parsed.error;
}

function arpFault(length: usize, at: usize, value: u8): string {
  room.copyFrom(arpFrame.slice(14));
  room[at] = value;
  const parsed = parseArp(room.slice(0, length));
  return parsed.ok ? "accepted" : parsed.error;
}

function ipFault(length: usize, at: usize, value: u8, signed: boolean): string {
  room.copyFrom(ipHeader);
  room[at] = value;
  if (signed) sign();
  const parsed = parseIpv4Header(room.slice(0, length), 115);
  return parsed.ok ? "accepted" : parsed.error;
}

function udpFault(length: usize, at: usize, value: u8): string {
  room.copyFrom(datagram);
  room[at] = value;
  const parsed = parseUdp(room.slice(0, length), length);
  return parsed.ok ? "accepted" : parsed.error;
}

function refusals(): void {
  print(`refused: ${frameFault(13, 8)}; ${frameFault(42, 5)}`);
  const sender = arpFault(28, 8, 1);
  print(`refused: ${arpFault(27, 1, 1)}; ${arpFault(28, 4, 8)}; ${arpFault(28, 7, 9)}; ${sender}`);
  print(
    `refused: ${ipFault(19, 0, 0x45, false)}; ${ipFault(20, 0, 0x65, false)}; ${ipFault(20, 0, 0x44, false)}`,
  );
  const long = ipFault(64, 2, 1, true);
  print(
    `refused: ${ipFault(20, 0, 0x46, false)}; ${ipFault(20, 3, 19, true)}; ${ipFault(20, 8, 63, false)}; ${long}`,
  );
  room.copyFrom(ipHeader);
  room[6] = 0x1f;
  room[7] = 0xff;
  sign();
  const beyond = parseIpv4Header(room, 115);
  print(`refused: ${beyond.ok ? "accepted" : beyond.error}`);
  print(`refused: ${udpFault(7, 0, 0)}; ${udpFault(12, 5, 7)}; ${udpFault(11, 0, 0)}; ${udpFault(12, 2, 0)}`);
  const short = parseIcmp(echo.slice(0, 7));
  print(`refused: ${short.ok ? "accepted" : short.error}`);
}

function checksums(): void {
  const rfc1071: FixedArray<u8, 8> = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
  room.copyFrom(ipHeader);
  room.writeU16be(10, 0);
  const header = internetChecksum(room.slice(0, 20));
  const rfc1624 = updateChecksum(0xdd2f, 0x5555, 0x3285);
  const odd: FixedArray<u8, 3> = [0xe4, 0x00, 0x01];
  const last = internetChecksum(odd);
  const empty = internetChecksum(odd.slice(0, 0));
  print(
    `checksums: ${hex(internetChecksum(rfc1071), 4)}, ${hex(header, 4)}, ${hex(rfc1624, 4)}, odd ${hex(last >> 8)} ${hex(last & 255, 2)}, empty ${hex(empty)}`,
  );
}

function verdict(address: string): string {
  const parsed = parseIpv4(address.bytes());
  return parsed.ok ? "ok" : "no";
}

function mask(shown: string): string {
  const parsed = parseMask(shown.bytes());
  return parsed.ok ? (parsed.value === 16 ? "16" : parsed.value === 32 ? "32" : "0") : "refused";
}

function mac(shown: string): Result<MacAddress> {
  return parseMac(shown.bytes());
}

export function main(): i32 {
  ethernet();
  arp();
  ipv4();
  icmp();
  udp();
  refusals();
  checksums();
  const line = new Line();
  const ten = parseIpv4("10.1.2.3".bytes());
  if (ten.ok) formatIpv4(line, ten.value);
  const many = verdict("1.2.3.4.5");
  print(
    `addresses: ${text(line.show())} ok, 256.1.1.1 ${verdict("256.1.1.1")}, 1.2.3 ${verdict("1.2.3")}, 1.2.3.4.5 ${many}, 1..2.3 ${verdict("1..2.3")}, 0001.2.3.4 ${verdict("0001.2.3.4")}`,
  );
  print(`masks: ${mask("255.255.0.0")} ${mask("255.255.255.255")} ${mask("0.0.0.0")} ${mask("255.0.255.0")}`);
  const station = new Line();
  const parsed = mac("00:16:3e:12:34:56");
  if (parsed.ok) formatMac(station, parsed.value);
  const refused = !mac("00:16:3e:12:34").ok && !mac("0:016:3e:12:34:56").ok && !mac("00:16:3e:12:34:5g").ok;
  print(`macs: ${text(station.show())}, ${refused ? "refused refused refused" : "accepted"}`);
  return 0;
}
