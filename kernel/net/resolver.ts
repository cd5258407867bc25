/** Sends frames to neighbours, and finds out first where they are: the rules of neighbours.ts at work. */
import { broadcastMac, isStationMac, type MacAddress } from "../dev/mac-address.ts";
import type { PacketBuffer } from "../dev/packet.ts";
import type { PacketPool } from "../dev/packet-pool.ts";
import type { Alarm } from "./alarm.ts";
import { isIpv4, type IpAddress } from "./ip-address.ts";
import type { NetInterface } from "./net-interface.ts";
import { mostQuestions, mostWaiting, NeighbourState, retryTime, type Neighbour } from "./neighbours.ts";
import { SendFault } from "./network-layer.ts";
import { EtherType } from "./wire/ethernet.ts";

/** Asks for neighbours: ARP. */
export interface NeighbourProtocol {
  /** Asks `station`, or all of them, who has `address`. */
  ask(link: NetInterface, address: IpAddress, station: MacAddress): void;
}

@struct
export class Resolver {
  readonly pool: PacketPool;
  alarm: Alarm | null = null;
  arp: NeighbourProtocol | null = null;

  constructor(pool: PacketPool) {
    this.pool = pool;
  }

  /** Sends a packet to a neighbour, now or when it has said where it is. Takes over the frame. */
  send(link: NetInterface, frame: PacketBuffer, to: IpAddress, now: u64): Result<undefined, SendFault> {
    const found = link.neighbours.find(to);
    const neighbour = found ?? this.begin(link, to, now);
    neighbour.used = now;
    if (neighbour.isUsable()) {
      if (neighbour.state === NeighbourState.Reachable && now >= neighbour.deadline) {
        this.question(link, neighbour, NeighbourState.Probing, now);
      }
      link.transmit(frame, neighbour.mac, typeFor(to));
      return ok();
    }
    if (neighbour.state === NeighbourState.Failed) {
      if (now < neighbour.deadline) return this.refuse(frame, SendFault.Unreachable);
      this.question(link, neighbour, NeighbourState.Incomplete, now);
    }
    if (neighbour.waiting.count >= mostWaiting || this.pool.isScarce())
      return this.refuse(frame, SendFault.NoBuffers);
    neighbour.waiting.push(frame);
    return ok();
  }

  /** Whether `send` takes so many frames for a neighbour now: not all can wait for one that has not said where it is. */
  hasRoom(link: NetInterface, to: IpAddress, frames: usize): boolean {
    const neighbour = link.neighbours.find(to);
    if (neighbour !== null && neighbour.state !== NeighbourState.Incomplete) return true;
    const waiting: usize = neighbour === null ? 0 : neighbour.waiting.count;
    return waiting + frames <= mostWaiting && !this.pool.isScarce();
  }

  refuse(frame: PacketBuffer, why: SendFault): Result<undefined, SendFault> {
    this.pool.give(frame);
    return err(why);
  }

  begin(link: NetInterface, address: IpAddress, now: u64): Neighbour {
    const neighbour = link.neighbours.replace(address, now);
    this.pool.giveAll(neighbour.waiting);
    this.question(link, neighbour, NeighbourState.Incomplete, now);
    return neighbour;
  }

  /** Asks for the first time. */
  question(link: NetInterface, neighbour: Neighbour, state: NeighbourState, now: u64): void {
    neighbour.state = state;
    neighbour.questions = 0;
    this.askAgain(link, neighbour, now);
    this.alarm?.callAt(neighbour.deadline);
  }

  /** One that is probed is asked alone at first; if it does not answer, it may have moved, and all are asked. */
  askAgain(link: NetInterface, neighbour: Neighbour, now: u64): void {
    const alone = neighbour.state === NeighbourState.Probing && neighbour.questions === 0;
    neighbour.questions++;
    neighbour.deadline = now + retryTime;
    this.arp?.ask(link, neighbour.address, alone ? neighbour.mac : broadcastMac);
  }

  /** A neighbour says where it is: believed only where it was asked. */
  confirm(link: NetInterface, address: IpAddress, mac: MacAddress, now: u64): void {
    const neighbour = link.neighbours.find(address);
    if (neighbour === null || !neighbour.hasQuestion()) {
      link.neighbours.unasked++;
      return;
    }
    const onlyItWasAsked = neighbour.state === NeighbourState.Probing && neighbour.questions === 1;
    if (onlyItWasAsked && neighbour.mac !== mac) link.neighbours.unasked++;
    else this.believe(link, neighbour, mac, now);
  }

  /**
   * A neighbour asks for this host, so it is going to be answered: it is believed, unless another station is known under
   * its address; then that one is asked whether it is still there.
   */
  hear(link: NetInterface, address: IpAddress, mac: MacAddress, now: u64): void {
    const neighbour = link.neighbours.find(address);
    if (neighbour === null) this.believe(link, link.neighbours.replace(address, now), mac, now);
    else if (neighbour.isUsable() && neighbour.mac !== mac) this.doubt(link, address, mac, now);
    else this.believe(link, neighbour, mac, now);
  }

  /** Somebody says unasked that it has `address`: where that is news, whoever had it is asked. */
  doubt(link: NetInterface, address: IpAddress, mac: MacAddress, now: u64): void {
    link.neighbours.unasked++;
    const neighbour = link.neighbours.find(address);
    if (neighbour === null || neighbour.state !== NeighbourState.Reachable || neighbour.mac === mac) return;
    this.question(link, neighbour, NeighbourState.Probing, now);
  }

  believe(link: NetInterface, neighbour: Neighbour, mac: MacAddress, now: u64): void {
    assert(isStationMac(mac), "a neighbour is one station");
    neighbour.believe(mac, now);
    for (let frame = neighbour.waiting.pop(); frame !== null; frame = neighbour.waiting.pop()) {
      link.transmit(frame, mac, typeFor(neighbour.address));
    }
  }

  /** Asks again those that have not answered, and gives up on some; the time at which to do so again, or all ones. */
  tick(link: NetInterface, now: u64): u64 {
    for (const neighbour of link.neighbours.entries) {
      if (!neighbour.hasQuestion() || neighbour.deadline > now) continue;
      if (neighbour.questions < mostQuestions) this.askAgain(link, neighbour, now);
      else this.giveUp(link, neighbour, now);
    }
    return link.neighbours.nextDeadline();
  }

  giveUp(link: NetInterface, neighbour: Neighbour, now: u64): void {
    link.counters.unsent += neighbour.waiting.count;
    this.pool.giveAll(neighbour.waiting);
    neighbour.fail(now);
  }

  /** Forgets everybody: the link may be another one. */
  forget(link: NetInterface): void {
    for (const neighbour of link.neighbours.entries) {
      this.pool.giveAll(neighbour.waiting);
      neighbour.state = NeighbourState.Free;
    }
  }
}

function typeFor(address: IpAddress): EtherType {
  return isIpv4(address) ? EtherType.Ipv4 : EtherType.Ipv6;
}
