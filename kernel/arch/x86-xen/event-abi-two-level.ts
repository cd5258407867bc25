/**
 * Event channels, two-level interface, which every Xen has: a bit for each of 4,096 ports, and a bit for each word of them.
 * Bits of shared_info: xen.h, struct shared_info.
 */
import { portCount, portNumber, type EventPort } from "../../xen-abi/event-channel.ts";
import type { EventPriority } from "../../xen-abi/event-fifo.ts";
import type { EventAbi } from "./event-abi.ts";
import { portTable } from "./event-ports.ts";
import { sharedInfo, vcpuInfo } from "./shared-info.ts";

const words = 64;
const allOnes = 0xffffffffffffffff;

@struct
export class TwoLevelEvents implements EventAbi {
  /** Masks every port. */
  start(): void {
    const mask = sharedInfo().evtchnMask;
    for (let word: usize = 0; word < words; word++) mask.at(word).store(allOnes, "relaxed");
  }

  name(): string {
    return "two-level";
  }

  portLimit(): u32 {
    return portCount;
  }

  has(port: EventPort): boolean {
    return portNumber(port) < portCount;
  }

  prepare(port: EventPort): Result<undefined> {
    return this.has(port) ? ok() : err("the two-level interface has no such port");
  }

  mask(port: EventPort): void {
    maskWord(port).fetchOr(bit(port), "acqrel");
  }

  unmask(port: EventPort): void {
    maskWord(port).fetchAnd(~bit(port), "acqrel");
    if ((pendingWord(port).load("acquire") & bit(port)) === 0) return;
    // What Xen would have done, had the port not been masked; a hypercall costs more.
    const vcpu = vcpuInfo();
    const one: u64 = 1;
    vcpu.evtchnPendingSel.fetchOr(one << (portNumber(port) / 64), "acqrel");
    vcpu.evtchnUpcallPending.store(1, "release");
  }

  isMasked(port: EventPort): boolean {
    return (maskWord(port).load("relaxed") & bit(port)) !== 0;
  }

  isPending(port: EventPort): boolean {
    return (pendingWord(port).load("acquire") & bit(port)) !== 0;
  }

  clearPending(port: EventPort): void {
    pendingWord(port).fetchAnd(~bit(port), "acqrel");
  }

  setPriority(port: EventPort, priority: EventPriority): boolean {
    return false;
  }

  /** The words with news are copied before any is served: what rings meanwhile is for the next call. */
  serve(): void {
    let selected: u64 = vcpuInfo().evtchnPendingSel.exchange(0, "acqrel");
    while (selected !== 0) {
      serveWord(lowestBit(selected));
      selected &= selected - 1;
    }
  }
}

/** The ports of one word, as they ring now. */
function serveWord(word: u32): void {
  const mask = sharedInfo().evtchnMask.at(word % words);
  const pending = sharedInfo().evtchnPending.at(word % words);
  const masked: u64 = mask.load("relaxed");
  let ringing: u64 = pending.load("acquire") & ~masked;
  if (ringing === 0) return;
  pending.fetchAnd(~ringing, "acqrel"); // before any handler looks, or a ring during it would be lost
  while (ringing !== 0) {
    const lowest = lowestBit(ringing);
    const one: u64 = 1;
    const rest: u64 = ringing & (ringing - 1);
    if ((mask.load("relaxed") & (one << lowest)) !== 0) {
      pending.fetchOr(ringing ^ rest, "acqrel"); // a handler of this round has masked it
    } else if (!portTable.tell(word * 64 + lowest)) {
      mask.fetchOr(ringing ^ rest, "acqrel");
    }
    ringing = rest;
  }
}

function maskWord(port: EventPort): Shared<u64> {
  return sharedInfo().evtchnMask.at(portNumber(port) / 64);
}

function pendingWord(port: EventPort): Shared<u64> {
  return sharedInfo().evtchnPending.at(portNumber(port) / 64);
}

function bit(port: EventPort): u64 {
  const one: u64 = 1;
  return one << (portNumber(port) % 64);
}
