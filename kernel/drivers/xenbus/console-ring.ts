/** The page of a paravirtual console, seen from the guest: two byte rings (xen/io/console.h). */
import { consoleInBytes, consoleOutBytes, type ConsoleInterface } from "../../xen-abi/console.ts";
import { bytesWaiting, copyIntoRing, copyOutOfRing } from "./byte-ring.ts";

@struct
export class ConsoleRing {
  page: Shared<ConsoleInterface> | null = null;
  /** Our own indices. What stands in the shared page is for the peer, who may overwrite it, and is never read back. */
  produced: u32 = 0;
  consumed: u32 = 0;

  /** Starts where the page says that both ends are. */
  start(page: Shared<ConsoleInterface>): void {
    this.page = page;
    this.produced = page.outProd.load("relaxed");
    this.consumed = page.inCons.load("relaxed");
  }

  /** Bytes that the back end has not taken yet. Its index is read once; an error where it lies. */
  unread(): Result<u32> {
    return bytesWaiting(this.produced, this.mapped().outCons.load("acquire"), consoleOutBytes);
  }

  /** Bytes that have arrived. */
  waiting(): Result<u32> {
    return bytesWaiting(this.mapped().inProd.load("acquire"), this.consumed, consoleInBytes);
  }

  /** Puts as many of `bytes` into the ring as there is room for, and says how many. */
  send(bytes: Slice<u8>): Result<usize> {
    const unread = this.unread();
    if (!unread.ok) return err(unread.error);
    const count: usize = min<usize>(bytes.length, consoleOutBytes - unread.value);
    this.overwrite(bytes.slice(0, count));
    return ok(count);
  }

  /** Puts bytes into the ring whether or not there is room; at most as many as it is long. */
  overwrite(bytes: Slice<u8>): void {
    copyIntoRing<2048>(this.mapped().output, this.produced, bytes);
    this.produced += bytes.length as u32;
    this.mapped().outProd.store(this.produced, "release"); // the bytes first, then the news of them
  }

  /** Takes as many bytes as there are, and `into` has room for. */
  receive(into: Slice<u8>): Result<usize> {
    const waiting = this.waiting();
    if (!waiting.ok) return err(waiting.error);
    const count: usize = min<usize>(waiting.value, into.length);
    if (count === 0) return ok(0);
    copyOutOfRing<1024>(this.mapped().input, this.consumed, into.slice(0, count));
    this.consumed += count as u32;
    this.mapped().inCons.store(this.consumed, "release");
    return ok(count);
  }

  mapped(): Shared<ConsoleInterface> {
    const page = this.page;
    assert(page !== null, "the ring is used after it was mapped");
    return page;
  }
}
