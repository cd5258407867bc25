/**
 * Event channels, FIFO interface: Xen links the ports that ring into queues, one for each of 16 priorities, so they are
 * served in the order in which they rang, and looking for them costs the same for any number of ports.
 *
 * One word a port says whether it rings, is masked, and stands in a queue; its low bits name the next one in the queue. Xen
 * appends, we take from the front. Both sides change a word, so every change is one atomic operation.
 */
import { addressOf, sharedAt, spinHint } from "xenlet:unsafe";
import { toVirtAddr, type Mfn } from "../../xen-abi/addresses.ts";
import { portNumber, type EventPort } from "../../xen-abi/event-channel.ts";
import {
  FifoBit,
  fifoLinkMask,
  fifoWordsPerPage,
  type EventPriority,
  type FifoControlBlock,
} from "../../xen-abi/event-fifo.ts";
import type { EventAbi } from "./event-abi.ts";
import { unmaskEvent, expandFifoArray, initFifoControl, setFifoPriority } from "./hypercall/events.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { bootstrapFrame } from "./memory-map.ts";
import { mfnOf } from "./p2m.ts";

/** A frame that Xen keeps from now on. */
@struct({ size: 4096, align: 4096 })
class Frame {
  readonly words = new FixedArray<u32, 1024>();
}

/** The control block of the one vCPU, and the words of ports 0 to 1023. */
const controlFrame = new Frame();
const arrayFrame = new Frame();

@struct
export class FifoEvents implements EventAbi {
  /** Queues with events that were not taken, and for each the port at its front; 0: where the control block says. */
  ready: u32 = 0;
  readonly heads = new FixedArray<u32, 16>();

  /** Goes over to this interface; refused by a Xen that was built or started without it, and then nothing has changed. */
  start(): Outcome {
    arrayFrame.words.fill(FifoBit.Masked);
    const started = initFifoControl(0, machineFrame(controlFrame));
    if (!started.ok) return started;
    const expanded = expandFifoArray(machineFrame(arrayFrame));
    assert(expanded.ok, "Xen takes the array of a FIFO interface that it has begun");
    return ok();
  }

  name(): string {
    return "FIFO";
  }

  portLimit(): u32 {
    return fifoWordsPerPage;
  }

  prepare(port: EventPort): boolean {
    return portNumber(port) < fifoWordsPerPage;
  }

  mask(port: EventPort): void {
    wordOf(portNumber(port)).fetchOr(FifoBit.Masked, "acqrel");
  }

  unmask(port: EventPort): void {
    const word = wordOf(portNumber(port));
    let seen: u32 = word.load("relaxed");
    // While Xen links a port that others change at the same time, it asks for a moment with Busy.
    while ((seen & FifoBit.Busy) !== 0 || !word.compareExchange(seen, seen & ~FifoBit.Masked, "acqrel")) {
      spinHint();
      seen = word.load("relaxed");
    }
    if ((seen & FifoBit.Pending) === 0) return;
    // It rang while it was masked: only Xen can put it into a queue.
    const linked = unmaskEvent(port);
    assert(linked.ok, "Xen unmasks a port that is bound");
  }

  isMasked(port: EventPort): boolean {
    return (wordOf(portNumber(port)).load("relaxed") & FifoBit.Masked) !== 0;
  }

  isPending(port: EventPort): boolean {
    return (wordOf(portNumber(port)).load("acquire") & FifoBit.Pending) !== 0;
  }

  clearPending(port: EventPort): void {
    wordOf(portNumber(port)).fetchAnd(~FifoBit.Pending, "acqrel");
  }

  setPriority(port: EventPort, priority: EventPriority): void {
    const moved = setFifoPriority(port, priority);
    assert(moved.ok, "Xen sets the priority of a port that is bound");
  }

  next(): u32 {
    for (;;) {
      // Looked at each time: what is more urgent goes before what is left.
      if (this.ready === 0 || control().ready.load("relaxed") !== 0) {
        this.ready |= control().ready.exchange(0, "acqrel");
      }
      if (this.ready === 0) return 0;
      const number = this.take(lowestBit(this.ready));
      if (number !== 0) return number;
    }
  }

  /** Takes the port at the front of a queue; 0 where that one does not ring any more, or is masked. */
  take(queue: u32): u32 {
    const known = this.heads[queue];
    const number: u32 = known !== 0 ? known : control().head.at(queue).load("acquire");
    const one: u32 = 1;
    if (number === 0 || number >= fifoWordsPerPage) {
      this.ready &= ~(one << queue);
      return 0;
    }
    const word = wordOf(number);
    const link = unlink(word);
    this.heads[queue] = link;
    if (link === 0) this.ready &= ~(one << queue);
    const seen: u32 = word.load("acquire");
    if ((seen & FifoBit.Pending) === 0 || (seen & FifoBit.Masked) !== 0) return 0;
    word.fetchAnd(~FifoBit.Pending, "acqrel");
    return number;
  }
}

function machineFrame(frame: Frame): Mfn {
  return mfnOf(bootstrapFrame(toVirtAddr(addressOf(frame))));
}

/** Takes a port out of its queue; who stood behind it comes back, 0 for nobody. From then on Xen may link it again. */
function unlink(word: Shared<u32>): u32 {
  for (;;) {
    const seen: u32 = word.load("acquire");
    if (word.compareExchange(seen, seen & ~(FifoBit.Linked | fifoLinkMask), "acqrel")) {
      return seen & fifoLinkMask;
    }
  }
}

function control(): Shared<FifoControlBlock> {
  return sharedAt<FifoControlBlock>(addressOf(controlFrame));
}

function wordOf(number: u32): Shared<u32> {
  assert(number < fifoWordsPerPage, "a port has a word");
  return sharedAt<u32>(addressOf(arrayFrame) + number * 4);
}
