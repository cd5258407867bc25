/** What the two benchmarks of devices do. */
import type { Load } from "./figures.ts";

/** A load of the network, which dom0 makes (net-load.py). */
export interface NetLoad extends Load {
  readonly rounds: number;
}

function net(name: string, title: string, speed: Load["speed"], bytes: number, rounds: number): NetLoad {
  return { name, title, speed, bytes, rounds };
}

export const netLoads: readonly NetLoad[] = [
  net("ping.rtt", "ICMP echo, 18 bytes, one at a time", "latency", 18, 500),
  net("ping.rtt-1400", "ICMP echo, 1400 bytes, one at a time", "latency", 1400, 500),
  net("ping.flood", "ICMP echo, 18 bytes, 32 under way", "rate", 18, 2000),
  net("udp.rtt", "UDP echo, 18 bytes, one at a time", "latency", 18, 500),
  net("udp.rtt-1472", "UDP echo, 1472 bytes, one at a time", "latency", 1472, 500),
  net("udp.echo", "UDP echo, 18 bytes, 32 under way", "rate", 18, 2000),
  net("udp.echo-1472", "UDP echo, 1472 bytes, 32 under way", "bandwidth", 1472, 2000),
  net("udp.receive", "UDP received, 18 bytes", "rate", 18, 4800),
  net("udp.receive-1472", "UDP received, 1472 bytes", "bandwidth", 1472, 4800),
  net("udp.send", "UDP sent, 18 bytes", "rate", 18, 4000),
  net("udp.send-1472", "UDP sent, 1472 bytes", "bandwidth", 1472, 4000),
];

/** A load of a disk; kernel/bench/block.ts knows the same, by the same names. */
export interface BlockLoad extends Load {
  readonly operation: "read" | "write";
  readonly random: boolean;
  readonly depth: number;
  readonly rounds: number;
}

const sizes = [
  { size: "4k", bytes: 4096, depth: 1, rounds: 2000 },
  { size: "4k", bytes: 4096, depth: 8, rounds: 6400 },
  { size: "4k", bytes: 4096, depth: 32, rounds: 12800 },
  { size: "64k", bytes: 65536, depth: 1, rounds: 1000 },
  { size: "64k", bytes: 65536, depth: 32, rounds: 2560 },
  { size: "1m", bytes: 1048576, depth: 1, rounds: 100 },
  { size: "1m", bytes: 1048576, depth: 4, rounds: 160 },
];

export const blockLoads: readonly BlockLoad[] = sizes.flatMap(({ size, bytes, depth, rounds }) =>
  (["read", "write"] as const).flatMap((operation) =>
    [false, true].map((random) => {
      const order = random ? "random" : "sequential";
      return {
        name: `${operation}.${order}.${size}.${depth}`,
        title: `${operation}, ${order}, ${size.toUpperCase()}, ${depth} under way`,
        speed: bytes === 4096 ? ("rate" as const) : ("bandwidth" as const),
        bytes,
        operation,
        random,
        depth,
        rounds,
      };
    }),
  ),
);
