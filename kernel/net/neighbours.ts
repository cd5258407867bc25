/**
 * Which Ethernet address a neighbour on the link has: a cache of fixed size that believes only what it has asked for. It
 * decides; `NeighbourProtocol` asks (ARP; for IPv6 neighbour discovery). Times are nanoseconds.
 *
 * An entry that is older than `reachableTime` is asked again when it is used, under its old address; frames go on meanwhile.
 */
import { noMac, type MacAddress } from "../dev/mac-address.ts";
import { FrameQueue } from "../dev/packet.ts";
import { never } from "./alarm.ts";
import { isSameAddress, type IpAddress } from "./ip-address.ts";

const second = 1000000000;
/** How long an answer is believed. */
export const reachableTime = 60 * second;
/** Between questions (RFC 1122, 2.3.2.1: at most one a second). */
export const retryTime = second;
/** How often one asks. */
export const mostQuestions = 3;
/** How long nobody is asked again who has not answered. */
export const failureTime = 3 * second;
/** Frames that wait for an answer: the fragments of the longest datagram fit. */
export const mostWaiting = 46;

const wayCount = 4;
const setCount = 16;

export const enum NeighbourState {
  Free,
  /** Was asked for, has not answered yet; frames wait. */
  Incomplete,
  /** Has answered, or has asked us. */
  Reachable,
  /** Is asked again; its old address is in use. */
  Probing,
  /** Has not answered. */
  Failed,
}

@struct
export class Neighbour {
  state: NeighbourState = NeighbourState.Free;
  address: IpAddress = { high: 0, low: 0 };
  mac: MacAddress = noMac;
  /** When the state ends, or the next question is due. */
  deadline: u64 = 0;
  questions: u32 = 0;
  /** When it was last looked up, for replacement. */
  used: u64 = 0;
  readonly waiting = new FrameQueue();

  /** Whether frames can be sent to `mac`. */
  isUsable(): boolean {
    return this.state === NeighbourState.Reachable || this.state === NeighbourState.Probing;
  }

  hasQuestion(): boolean {
    return this.state === NeighbourState.Incomplete || this.state === NeighbourState.Probing;
  }

  /** Begins to ask. */
  ask(state: NeighbourState, now: u64): void {
    this.state = state;
    this.questions = 1;
    this.deadline = now + retryTime;
  }

  believe(mac: MacAddress, now: u64): void {
    this.state = NeighbourState.Reachable;
    this.mac = mac;
    this.deadline = now + reachableTime;
  }

  fail(now: u64): void {
    this.state = NeighbourState.Failed;
    this.deadline = now + failureTime;
  }
}

@struct
export class Neighbours {
  readonly entries = new FixedArray<Neighbour, 64>();
  /** Answers and announcements that were not asked for, and changed nothing. */
  unasked: u64 = 0;

  find(address: IpAddress): Neighbour | null {
    const first = firstOfSet(address);
    for (const entry of this.entries.slice(first, first + wayCount)) {
      if (entry.state !== NeighbourState.Free && isSameAddress(entry.address, address)) return entry;
    }
    return null;
  }

  /** The entry for a new address: a free one, or the one that is missed least; its frames are the caller's to give back. */
  replace(address: IpAddress, now: u64): Neighbour {
    const first = firstOfSet(address);
    let chosen = this.entries[first];
    for (const entry of this.entries.slice(first + 1, first + wayCount)) {
      if (isMissedLess(entry, chosen)) chosen = entry;
    }
    chosen.state = NeighbourState.Free;
    chosen.address = address;
    chosen.used = now;
    return chosen;
  }

  /** The next time at which a question is due, or all ones. */
  nextDeadline(): u64 {
    let next: u64 = never;
    for (const entry of this.entries) {
      if (entry.hasQuestion()) next = min<u64>(next, entry.deadline);
    }
    return next;
  }
}

function firstOfSet(address: IpAddress): usize {
  const mixed: u64 = (address.low ^ address.high) * 0x9e3779b97f4a7c15; // 2^64 over the golden ratio
  return ((mixed >> 32) % setCount) * wayCount;
}

/** Free ones go first, then those that did not answer; among equals the one that was used least lately. */
function isMissedLess(a: Neighbour, b: Neighbour): boolean {
  const rankA = rank(a);
  const rankB = rank(b);
  return rankA === rankB ? a.used < b.used : rankA < rankB;
}

function rank(entry: Neighbour): u32 {
  switch (entry.state) {
    case NeighbourState.Free:
      return 0;
    case NeighbourState.Failed:
      return 1;
    case NeighbourState.Incomplete:
    case NeighbourState.Reachable:
    case NeighbourState.Probing:
      return 2;
  }
}
