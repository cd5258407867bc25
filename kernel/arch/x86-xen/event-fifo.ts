/**
 * Event channels, FIFO interface: Xen links the ports that ring into queues, one for each of 16 priorities, so they are
 * served in the order in which they rang, and looking for them costs the same for any number of ports.
 *
 * One word a port says whether it rings, is masked, and stands in a queue; its low bits name the next one in the queue. Xen
 * appends, we take from the front. Both sides change a word, so every change is one atomic operation.
 */
import { addressOf, sharedAt, sliceAt, spinHint } from "xenlet:unsafe";
import { toVirtAddr, type Mfn } from "../../xen-abi/addresses.ts";
import { Errno } from "../../xen-abi/errno.ts";
import { portNumber, type EventPort } from "../../xen-abi/event-channel.ts";
import {
  FifoBit,
  fifoLinkMask,
  fifoPortCount,
  fifoWordsPerPage,
  type EventPriority,
  type FifoControlBlock,
} from "../../xen-abi/event-fifo.ts";
import type { EventAbi } from "./event-abi.ts";
import type { EventMemory } from "./event-memory.ts";
import { portTable } from "./event-ports.ts";
import { expandFifoArray, initFifoControl, setFifoPriority, unmaskEvent } from "./hypercall/events.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { frameAtAddress } from "./kernel-frames.ts";
import { mfnOf } from "./p2m.ts";

const bytesPerPage = 4096;
/** Who runs here: the one vCPU. */
const bootVcpu = 0;

@struct
export class FifoEvents implements EventAbi {
  memory: EventMemory | null = null;
  /** Address of the control block, which lies at the start of a page that Xen keeps from now on. */
  control: u64 = 0;
  /** Addresses of the pages of words, which Xen keeps as well. */
  readonly pages = new FixedArray<u64, 128>();
  pageCount: u32 = 0;
  /** Queues with events that were not taken, and for each the port at its front; 0: where the control block says. */
  ready: u32 = 0;
  readonly heads = new FixedArray<u32, 16>();

  /**
   * Goes over to this interface, with all ports masked and room for `ports` of them. Refused by a Xen that was built or
   * started without it, and where there is no memory; then nothing has changed. @allocates
   */
  start(ports: usize, memory: EventMemory): Outcome {
    this.memory = memory;
    const pages: usize = 1 + (ports + fifoWordsPerPage - 1) / fifoWordsPerPage;
    const bytes = memory.allocate(pages * bytesPerPage);
    if (!bytes.ok) return err(Errno.ENOMEM);
    const started = initFifoControl(bootVcpu, machineFrame(addressOf(bytes.value)));
    if (!started.ok) {
      memory.release(bytes.value);
      return started;
    }
    this.control = addressOf(bytes.value);
    for (let page: usize = 1; page < pages; page++) {
      const expanded = this.add(this.control + page * bytesPerPage);
      assert(expanded.ok, "Xen takes the array of a FIFO interface that it has begun");
    }
    return ok();
  }

  name(): string {
    return "FIFO";
  }

  portLimit(): u32 {
    return fifoPortCount;
  }

  has(port: EventPort): boolean {
    return portNumber(port) < this.pageCount * fifoWordsPerPage;
  }

  prepare(port: EventPort): Result<undefined> {
    if (portNumber(port) >= fifoPortCount) return err("the FIFO interface has no such port");
    while (!this.has(port)) {
      const memory = this.memory!;
      const page = memory.allocate(bytesPerPage);
      if (!page.ok) return err("there is no memory for the port's word");
      const expanded = this.add(addressOf(page.value));
      if (!expanded.ok) {
        memory.release(page.value);
        return err("Xen does not take more words for ports");
      }
    }
    return ok();
  }

  /** Gives Xen the next page of words. Those of its ports that have rung already are linked when they are unmasked. */
  add(page: u64): Outcome {
    sliceAt<u32>(page, fifoWordsPerPage).fill(FifoBit.Masked);
    const expanded = expandFifoArray(machineFrame(page));
    if (!expanded.ok) return expanded;
    this.pages[this.pageCount] = page;
    this.pageCount++;
    return ok();
  }

  mask(port: EventPort): void {
    this.wordOf(portNumber(port)).fetchOr(FifoBit.Masked, "acqrel");
  }

  unmask(port: EventPort): void {
    const word = this.wordOf(portNumber(port));
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
    return (this.wordOf(portNumber(port)).load("relaxed") & FifoBit.Masked) !== 0;
  }

  isPending(port: EventPort): boolean {
    return (this.wordOf(portNumber(port)).load("acquire") & FifoBit.Pending) !== 0;
  }

  clearPending(port: EventPort): void {
    this.wordOf(portNumber(port)).fetchAnd(~FifoBit.Pending, "acqrel");
  }

  setPriority(port: EventPort, priority: EventPriority): boolean {
    const moved = setFifoPriority(port, priority);
    assert(moved.ok, "Xen sets the priority of a port that is bound");
    return true;
  }

  serve(): void {
    const control = sharedAt<FifoControlBlock>(this.control);
    for (;;) {
      // Looked at each time: what is more urgent goes before what is left.
      if (control.ready.load("relaxed") !== 0) this.ready |= control.ready.exchange(0, "acqrel");
      if (this.ready === 0) return;
      this.serveFirst(lowestBit(this.ready), control);
    }
  }

  /** Takes the port at the front of a queue, and serves it unless it does not ring any more, or is masked. */
  serveFirst(queue: u32, control: Shared<FifoControlBlock>): void {
    const known = this.heads[queue];
    const number: u32 = known !== 0 ? known : control.head.at(queue).load("acquire");
    const one: u32 = 1;
    if (number === 0 || number >= this.pageCount * fifoWordsPerPage) {
      this.ready &= ~(one << queue);
      return;
    }
    const word = this.wordOf(number);
    const seen = takeOut(word);
    this.heads[queue] = seen & fifoLinkMask;
    if ((seen & fifoLinkMask) === 0) this.ready &= ~(one << queue);
    if (rings(seen) && !portTable.tell(number)) word.fetchOr(FifoBit.Masked, "acqrel");
  }

  wordOf(number: u32): Shared<u32> {
    assert(number < this.pageCount * fifoWordsPerPage, "a port has a word");
    return sharedAt<u32>(this.pages[number / fifoWordsPerPage] + (number % fifoWordsPerPage) * 4);
  }
}

function machineFrame(address: u64): Mfn {
  return mfnOf(frameAtAddress(toVirtAddr(address)));
}

/**
 * Takes a port out of its queue, and its ring off it unless it is masked. What the word was comes back, with the port that
 * stood behind it. From then on Xen may link it again.
 */
function takeOut(word: Shared<u32>): u32 {
  for (;;) {
    const seen: u32 = word.load("acquire");
    const out: u32 = seen & ~(FifoBit.Linked | fifoLinkMask);
    if (word.compareExchange(seen, rings(seen) ? out & ~FifoBit.Pending : out, "acqrel")) return seen;
  }
}

function rings(word: u32): boolean {
  return (word & (FifoBit.Pending | FifoBit.Masked)) === FifoBit.Pending;
}
