/** What a person at the console can ask of the network. */
import { systemTime } from "../arch/x86-xen/system-time.ts";
import { parseNumber } from "../lib/bytes.ts";
import { format } from "../lib/format.ts";
import { LineBuffer } from "../lib/line-buffer.ts";
import { heap } from "../mm/kernel-heap.ts";
import { Owner } from "../mm/owner.ts";
import { AddressText } from "../net/address-text.ts";
import { Capture } from "../net/capture.ts";
import { formatFrame } from "../net/frame-text.ts";
import { ofIpv4 } from "../net/ip-address.ts";
import type { NetInterface } from "../net/net-interface.ts";
import { NeighbourState } from "../net/neighbours.ts";
import { network, icmp, icmpErrors, udp } from "../net/network.ts";
import { Pinger } from "../net/pinger.ts";
import { UdpEcho } from "../net/udp-echo.ts";
import { UdpSocket } from "../net/udp-socket.ts";
import { parseIpv4, parsePrefixLength, slashIn, noIpv4 } from "../net/wire/ipv4-address.ts";
import { cancel, join, sleep, sleepUntil, spawn } from "../sched/scheduler.ts";
import { Priority, Wake, type Task } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const netCommands: FixedArray<Command, 6> = [
  { name: "ifconfig", usage: "[DEVICE ADDRESS/PREFIX]", purpose: "network interfaces", action: configure },
  { name: "ping", usage: "ADDRESS [COUNT] [SIZE]", purpose: "asks a host for an answer", action: ping },
  { name: "arp", usage: "", purpose: "the neighbours and where they are", action: showNeighbours },
  { name: "netstat", usage: "", purpose: "what the network has counted", action: showCounters },
  { name: "udp-echo", usage: "[PORT | off]", purpose: "sends datagrams back", action: serveEcho },
  {
    name: "capture",
    usage: "[COUNT] [pcap]",
    purpose: "frames as lines, or as a file for Wireshark in hex",
    action: capture,
  },
];

const second = 1000000000;
const echoPort = 7;

/** @blocks */
function configure(terminal: Terminal, words: Arguments): void {
  const name = words.next();
  if (name.length === 0) return showInterfaces(terminal);
  for (const link of network.routes.interfaces) {
    if (link.device !== null && link.device.name().bytes().equals(name))
      return address(terminal, link, words.next());
  }
  terminal.print(`There is no interface ${text(name)}.`);
}

function address(terminal: Terminal, link: NetInterface, value: Slice<u8>): void {
  const slash = slashIn(value);
  const parsed = parseIpv4(value.slice(0, slash));
  if (!parsed.ok) return terminal.print(`${text(value)}: ${parsed.error}`);
  const prefix = parsePrefixLength(value.slice(min<usize>(slash + 1, value.length)));
  if (!prefix.ok) return terminal.print(`${text(value)}: expected an address, a slash and 1 to 32`);
  network.configure(link, parsed.value, prefix.value, link.ipv4.gateway);
}

function showInterfaces(terminal: Terminal): void {
  const shown = new AddressText();
  for (const link of network.routes.interfaces) {
    const device = link.device;
    if (device === null) continue;
    const state = link.isUp() ? "up" : "no carrier";
    terminal.print(`${device.name()}: ${text(shown.mac(link.mac))}, mtu ${link.mtu}, ${state}`);
    if (link.ipv4.hasAddress()) {
      terminal.print(`  address ${text(shown.ipv4(link.ipv4.address))}/${link.ipv4.prefixLength}`);
    }
    if (link.ipv4.gateway !== noIpv4) terminal.print(`  gateway ${text(shown.ipv4(link.ipv4.gateway))}`);
    const counters = link.counters;
    terminal.print(`  in ${counters.framesIn} frames, ${counters.bytesIn} bytes`);
    terminal.print(`  out ${counters.framesOut} frames, ${counters.bytesOut} bytes`);
    device.report(terminal);
  }
}

const pinger = new Pinger(network, icmp);

/** @blocks */
function ping(terminal: Terminal, words: Arguments): void {
  const name = words.next();
  const target = parseIpv4(name);
  if (!target.ok) return terminal.print(`${text(name)}: ${target.error}`);
  const count = words.nextNumber();
  const size = words.nextNumber();
  const length: u32 = size.ok ? (min<u64>(size.value, 65508) as u32) : 56;
  const rounds: u64 = count.ok ? count.value : 4;
  let answers: u64 = 0;
  for (let round: u64 = 0; round < rounds; round++) {
    const begun = systemTime();
    const result = pinger.ping(ofIpv4(target.value), length, begun, begun + second);
    if (result.ok) {
      answers++;
      terminal.print(`${length} bytes from ${text(name)}: ${(result.value - begun) / 1000} us`);
    } else terminal.print(`${text(name)}: ${result.error}`);
    if (round + 1 < rounds) sleepUntil(begun + second / 5);
  }
  terminal.print(`${rounds} sent, ${answers} answered`);
}

function showNeighbours(terminal: Terminal, words: Arguments): void {
  const station = new AddressText();
  const shown = new AddressText();
  for (const link of network.routes.interfaces) {
    if (link.device === null) continue;
    for (const entry of link.neighbours.entries) {
      if (entry.state === NeighbourState.Free) continue;
      const mac = entry.isUsable() ? station.mac(entry.mac) : "".bytes();
      terminal.print(
        `${text(shown.ip(entry.address))} ${text(mac)} ${stateName(entry.state)} on ${link.device.name()}`,
      );
    }
  }
}

function stateName(state: NeighbourState): string {
  switch (state) {
    case NeighbourState.Free:
      return "free";
    case NeighbourState.Incomplete:
      return "asked for";
    case NeighbourState.Reachable:
      return "reachable";
    case NeighbourState.Probing:
      return "asked again";
    case NeighbourState.Failed:
      return "does not answer";
  }
}

function showCounters(terminal: Terminal, words: Arguments): void {
  const pool = network.pool;
  terminal.print(
    `buffers: ${pool.total}, ${pool.free} free, ${pool.lowest} at the least, ${pool.refusals} refused`,
  );
  for (const link of network.routes.interfaces) {
    const device = link.device;
    if (device === null) continue;
    const counters = link.counters;
    terminal.print(
      `${device.name()}: ${counters.ignored} ignored, ${counters.dropped} dropped, ${counters.unsent} unsent`,
    );
    if (counters.dropped > 0) terminal.print(`  last dropped: ${counters.lastDrop}`);
    terminal.print(`  ${link.neighbours.unasked} answers that nobody asked for`);
  }
  const fragments = network.reassembly;
  terminal.print(
    `fragments: ${fragments.completed} datagrams whole, ${fragments.timedOut} late, ${fragments.spoiled} spoiled, ${fragments.displaced} displaced`,
  );
  terminal.print(
    `icmp: ${icmp.echoesAnswered} echoes answered, ${icmp.repliesReceived} replies, ${icmp.errorsReceived} errors`,
  );
  terminal.print(`icmp: ${icmpErrors.sent} errors sent, ${icmpErrors.withheld} withheld`);
  terminal.print(`udp: ${udp.received} received, ${udp.sent} sent, ${udp.strays} for no port`);
  for (let port = udp.ports; port !== null; port = port.next) {
    terminal.print(
      `  port ${port.number}: ${port.count} wait, ${port.overflows} found no room, ${port.failures} errors`,
    );
  }
}

const echoSocket = new UdpSocket(network, udp);
const echo = new UdpEcho(echoSocket, systemTime);
let echoTask: Task | null = null;

/** @blocks */
function serveEcho(terminal: Terminal, words: Arguments): void {
  const word = words.next();
  const running = echoTask;
  if (running !== null) {
    cancel(running);
    const ended = join(running, never);
    if (ended === Wake.Signal) echoTask = null;
    terminal.print(`${echo.echoed} datagrams were sent back, ${echo.failed} could not be`);
  }
  if (word.equals("off".bytes())) return;
  const number = parseNumber(word);
  const opened = echoSocket.open(number.ok ? (number.value as u16) : echoPort);
  if (!opened.ok) return terminal.print("The port is in use.");
  const task = spawn("udp-echo", Priority.Service, echo);
  if (!task.ok) {
    echoSocket.close();
    return terminal.print(`no task: ${task.error}`);
  }
  echoTask = task.value;
  terminal.print(`datagrams to port ${echoSocket.port.number} are sent back`);
}

const recorder = new Capture(systemTime);
const captureBytes = 262144;
const captureTime = 10 * second;

/** @blocks */
function capture(terminal: Terminal, words: Arguments): void {
  const count = words.nextNumber();
  const memory = heap.allocate(captureBytes, Owner.Network);
  if (!memory.ok) return terminal.print("There is no memory for that.");
  recorder.begin(memory.value, count.ok ? count.value : 10);
  tapAll(true);
  const deadline: u64 = systemTime() + captureTime;
  while (!recorder.isComplete() && systemTime() < deadline) sleep(second / 20);
  tapAll(false);
  if (words.next().equals("pcap".bytes())) showFile(terminal, recorder.file());
  else showFrames(terminal, recorder.file());
  terminal.print(`${recorder.frames} frames, ${recorder.missed} found no room`);
  recorder.memory = null;
  const released = heap.release(memory.value);
  assert(released.ok, "it was allocated above");
}

function tapAll(isOn: boolean): void {
  for (const link of network.routes.interfaces) link.tap = isOn ? recorder : null;
}

/** 32 bytes a line: `grep ^pcap: | cut -c7- | xxd -r -p` makes the file. @blocks */
function showFile(terminal: Terminal, file: Slice<u8>): void {
  for (let at: usize = 0; at < file.length; at += 32) {
    const line = new LineBuffer(terminal);
    line.write("pcap: ".bytes());
    for (const byte of file.slice(at, min<usize>(at + 32, file.length))) format(line, `${hex(byte, 2)}`);
    line.write("\n".bytes());
    line.flush();
    terminal.settle();
  }
}

/** @blocks */
function showFrames(terminal: Terminal, file: Slice<u8>): void {
  let at: usize = 24;
  while (at < file.length) {
    const length: usize = file.readU32le(at + 8);
    const line = new LineBuffer(terminal);
    format(line, `${file.readU32le(at)}.${file.readU32le(at + 4) / 1000} `);
    formatFrame(line, file.slice(at + 16, at + 16 + length));
    line.write("\n".bytes());
    line.flush();
    terminal.settle();
    at += 16 + length;
  }
}
