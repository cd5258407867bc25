/** The kernel's network stack under Node: typed, with frames as Buffers. */
import { loadModule } from "../../host/library.ts";
import { arp, ethernet, ip, ipv4, parseIpv4Frame } from "./frames.ts";

const doors = await loadModule("test/unit/net/programs/doors/stack.ts", {
  start: { parameters: ["u32", "u32", "u32", "u32", "u32"], result: "void" },
  input: { parameters: ["slice", "u32", "u32", "u64"], result: "void" },
  output: { parameters: ["slice"], result: "u64" },
  tick: { parameters: ["u64"], result: "u64" },
  alarmAt: { parameters: [], result: "u64" },
  freeBuffers: { parameters: [], result: "u64" },
  totalBuffers: { parameters: [], result: "u64" },
  hoard: { parameters: ["u64"], result: "void" },
  unhoard: { parameters: ["u64"], result: "void" },
  awaitBuffers: { parameters: ["u32", "u64"], result: "void" },
  told: { parameters: ["u32"], result: "u64" },
  hasRoom: { parameters: ["u32", "u32"], result: "bool" },
  lastDrop: { parameters: ["slice"], result: "u64" },
  dropped: { parameters: [], result: "u64" },
  setCarrier: { parameters: ["bool", "u64"], result: "void" },
  neighbourState: { parameters: ["u32"], result: "u32" },
  knownNeighbours: { parameters: [], result: "u64" },
  bind: { parameters: ["u32", "u32"], result: "bool" },
  portNumber: { parameters: ["u32"], result: "u32" },
  release: { parameters: ["u32"], result: "void" },
  failures: { parameters: ["u32"], result: "u64" },
  send: { parameters: ["u32", "u32", "u32", "slice", "u64"], result: "u32" },
  receive: { parameters: ["u32", "slice"], result: "bool" },
  echo: { parameters: ["u32", "u64"], result: "bool" },
  ping: { parameters: ["u32", "u32", "u32", "slice", "u64"], result: "u32" },
  repliesReceived: { parameters: [], result: "u64" },
});

export const second = 1_000_000_000n;
/** What `send` and `ping` give. */
export const sent = 255;
export const fault = { noRoute: 0, noCarrier: 1, unreachable: 2, tooLong: 3, noBuffers: 4 } as const;
/** kernel/net/neighbours.ts. */
export const neighbour = {
  free: 0,
  incomplete: 1,
  reachable: 2,
  probing: 3,
  failed: 4,
  unknown: 255,
} as const;
/** kernel/dev/packet.ts. */
export const known = { unknown: 0, verified: 1, blank: 2 } as const;
/** kernel/dev/net.ts. */
export const offload = 1;

export interface Settings {
  readonly address?: string;
  readonly prefix?: number;
  readonly gateway?: string;
  readonly mtu?: number;
  readonly features?: number;
}

let now = 0n;

/** The stack after boot, at time 0. */
export function start(settings: Settings = {}): void {
  const { address = "10.0.0.1", prefix = 24, gateway = "0.0.0.0", mtu = 1500, features = 0 } = settings;
  now = 0n;
  doors.start(BigInt(ip(address)), BigInt(prefix), BigInt(ip(gateway)), BigInt(mtu), BigInt(features));
}

/** The stack after boot, with 10.0.0.2 known as a neighbour. */
export function startWithPeer(settings: Settings = {}): void {
  start(settings);
  receive(arp());
  take();
}

export function at(time: bigint): void {
  now = time;
}

export function receive(frame: Buffer, checksum: number = known.unknown, pieceBytes = 4096): void {
  doors.input(frame, BigInt(pieceBytes), BigInt(checksum), now);
}

/** Every frame that was sent. */
export function take(): Buffer[] {
  const frames: Buffer[] = [];
  for (;;) {
    const target = Buffer.alloc(65600);
    const length = Number(doors.output(target));
    if (length === 0) return frames;
    frames.push(target.subarray(0, length));
  }
}

/** The only frame that was sent; an error where there is not one. */
export function takeOne(): Buffer {
  const [frame, ...more] = take();
  if (frame === undefined || more.length > 0)
    throw new Error(`expected one frame, got ${frame ? 1 + more.length : 0}`);
  return frame;
}

export function tick(time: bigint): bigint {
  now = time;
  return doors.tick(time);
}

export function lastDrop(): string {
  const target = Buffer.alloc(200);
  return target.subarray(0, Number(doors.lastDrop(target))).toString();
}

export const neighbourState = (address: string): number => Number(doors.neighbourState(BigInt(ip(address))));
export const knownNeighbours = (): number => Number(doors.knownNeighbours());
export const freeBuffers = (): number => Number(doors.freeBuffers());
export const totalBuffers = (): number => Number(doors.totalBuffers());
export const hoard = (left: number): void => doors.hoard(BigInt(left));
export const unhoard = (count: number): void => doors.unhoard(BigInt(count));
export const awaitBuffers = (waiter: number, level: number): void =>
  doors.awaitBuffers(BigInt(waiter), BigInt(level));
export const told = (waiter: number): number => Number(doors.told(BigInt(waiter)));
export const hasRoom = (to: string, length: number): boolean => doors.hasRoom(BigInt(ip(to)), BigInt(length));
export const dropped = (): number => Number(doors.dropped());
export const alarmAt = (): bigint => doors.alarmAt();
export const setCarrier = (carrier: boolean): void => doors.setCarrier(carrier, now);
export const bind = (slot: number, port: number): boolean => doors.bind(BigInt(slot), BigInt(port));
export const portNumber = (slot: number): number => Number(doors.portNumber(BigInt(slot)));
export const release = (slot: number): void => doors.release(BigInt(slot));
export const failures = (slot: number): number => Number(doors.failures(BigInt(slot)));
export const echo = (slot: number): boolean => doors.echo(BigInt(slot), now);
export const repliesReceived = (): number => Number(doors.repliesReceived());

export function send(slot: number, to: string, port: number, bytes: Buffer): number {
  return Number(doors.send(BigInt(slot), BigInt(ip(to)), BigInt(port), bytes, now));
}

export function ping(to: string, identifier: number, sequence: number, bytes: Buffer): number {
  return Number(doors.ping(BigInt(ip(to)), BigInt(identifier), BigInt(sequence), bytes, now));
}

/** The oldest datagram that waits at a port. */
export function fetch(slot: number): { address: number; port: number; bytes: Buffer } | undefined {
  const target = Buffer.alloc(65600);
  if (!doors.receive(BigInt(slot), target)) return undefined;
  const length = target.readUInt32LE(8);
  return {
    address: target.readUInt32LE(0),
    port: target.readUInt32LE(4),
    bytes: target.subarray(12, 12 + length),
  };
}

/** Sends one IPv4 packet from the peer, and gives what came back. */
export function exchange(payload: Buffer, fields: Parameters<typeof ipv4>[1] = {}): Buffer[] {
  receive(ethernet(ipv4(payload, fields)));
  return take();
}

export { parseIpv4Frame };
