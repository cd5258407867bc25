/** The one network stack, its parts introduced to each other. */
import { PacketPool } from "../dev/packet-pool.ts";
import { Arp } from "./arp.ts";
import { IcmpErrors } from "./icmp-error.ts";
import { Icmp } from "./icmp.ts";
import { Ipv4 } from "./ipv4.ts";
import { NetworkStack } from "./network-stack.ts";
import { Reassembly } from "./reassembly.ts";
import { Resolver } from "./resolver.ts";
import { RouteTable } from "./route-table.ts";
import { Udp } from "./udp.ts";
import { IpProtocol } from "./wire/ipv4.ts";

const pool = new PacketPool();
const routes = new RouteTable();
const resolver = new Resolver(pool);
const arp = new Arp(pool, resolver);
const reassembly = new Reassembly(pool);
const ipv4 = new Ipv4(pool, routes, resolver, reassembly);

export const icmp = new Icmp(ipv4);
export const icmpErrors = new IcmpErrors(pool, ipv4);
export const udp = new Udp(pool, ipv4);
export const network = new NetworkStack(pool, routes, resolver, arp, reassembly, ipv4);

/** Lets the parts call those above them. `seed` is a number that strangers cannot easily guess. */
export function connectLayers(seed: u64): void {
  resolver.arp = arp;
  reassembly.late = icmpErrors;
  ipv4.errors = icmpErrors;
  ipv4.register(IpProtocol.Icmp, icmp);
  ipv4.register(IpProtocol.Udp, udp);
  ipv4.identification = seed as u16;
  udp.nextDynamic = (seed >> 16) as u16;
}
