/**
 * Event channels, two-level interface, which every Xen has: a bit for each of 4,096 ports, and a bit for each word of them.
 * Bits of shared_info: xen.h, struct shared_info.
 */
import { portCount, portNumber, type EventPort } from "../../xen-abi/event-channel.ts";
import type { EventPriority } from "../../xen-abi/event-fifo.ts";
import type { EventAbi } from "./event-abi.ts";
import { sharedInfo, vcpuInfo } from "./shared-info.ts";

const words = 64;
const allOnes = 0xffffffffffffffff;

@struct
export class TwoLevelEvents implements EventAbi {
  /** Words that had news and were not looked at, and what is left of the one that is. */
  selected: u64 = 0;
  word: u32 = 0;
  ringing: u64 = 0;

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

  prepare(port: EventPort): boolean {
    return portNumber(port) < portCount;
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

  setPriority(port: EventPort, priority: EventPriority): void {}

  /** Each word, and in it each bit, is copied before any of it is served: what rings meanwhile waits for the next round. */
  next(): u32 {
    const shared = sharedInfo();
    for (;;) {
      while (this.ringing === 0) {
        if (this.selected === 0) this.selected = vcpuInfo().evtchnPendingSel.exchange(0, "acqrel");
        if (this.selected === 0) return 0;
        this.word = lowestBit(this.selected);
        this.selected &= this.selected - 1;
        const masked: u64 = shared.evtchnMask.at(this.word % words).load("relaxed");
        this.ringing = shared.evtchnPending.at(this.word % words).load("acquire") & ~masked;
        // Before any handler looks, or a ring during it would be lost.
        if (this.ringing !== 0) shared.evtchnPending.at(this.word % words).fetchAnd(~this.ringing, "acqrel");
      }
      const lowest: u64 = this.ringing & (~this.ringing + 1);
      this.ringing &= ~lowest;
      if ((shared.evtchnMask.at(this.word % words).load("relaxed") & lowest) === 0) {
        return this.word * 64 + lowestBit(lowest);
      }
      shared.evtchnPending.at(this.word % words).fetchOr(lowest, "acqrel"); // a handler of this round has masked it
    }
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
