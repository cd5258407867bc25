/** Our end of the page that is shared with xenstored: bytes in and out, and when it has to be told about them. */
import {
  ConnectionState,
  ServerFeature,
  storeRingBytes,
  type StoreInterface,
} from "../../../xen-abi/xs-wire.ts";
import { bytesWaiting, copyIntoRing, copyOutOfRing } from "../byte-ring.ts";

@struct
export class StoreRing {
  page: Shared<StoreInterface> | null = null;
  /** Our own indices. What stands in the page is for xenstored, who may overwrite it, and is never read back. */
  produced: u32 = 0;
  consumed: u32 = 0;
  /** xenstored waits for what was done since this was last cleared. */
  mustNotify: boolean = false;

  /** Starts where the page says; what an earlier kernel was told is passed over. */
  start(page: Shared<StoreInterface>): void {
    this.page = page;
    this.produced = page.reqProd.load("relaxed");
    this.consumed = page.rspProd.load("acquire");
    page.rspCons.store(this.consumed, "release");
  }

  /** Takes as many bytes as there are, and `into` has room for. */
  receive(into: Slice<u8>): Result<usize> {
    const page = this.mapped();
    const waiting = bytesWaiting(page.rspProd.load("acquire"), this.consumed, storeRingBytes);
    if (!waiting.ok) return err(waiting.error);
    const count: usize = min<usize>(waiting.value, into.length);
    if (count === 0) return ok(0);
    copyOutOfRing<1024>(page.replies, this.consumed, into.slice(0, count));
    const before = this.consumed;
    this.consumed += count as u32;
    page.rspCons.store(this.consumed, "seqcst");
    // Looked at after the store: if the ring was full until then, xenstored has seen it full, and waits.
    if (page.rspProd.load("seqcst") - before >= storeRingBytes) this.mustNotify = true;
    return ok(count);
  }

  /** Puts as many of `bytes` into the ring as there is room for. */
  send(bytes: Slice<u8>): Result<usize> {
    const page = this.mapped();
    const unread = bytesWaiting(this.produced, page.reqCons.load("acquire"), storeRingBytes);
    if (!unread.ok) return err(unread.error);
    const count: usize = min<usize>(storeRingBytes - unread.value, bytes.length);
    if (count === 0) return ok(0);
    copyIntoRing<1024>(page.requests, this.produced, bytes.slice(0, count));
    const before = this.produced;
    this.produced += count as u32;
    page.reqProd.store(this.produced, "seqcst");
    // Looked at after the store: where xenstored has taken all that came before, it may have stopped looking.
    if (page.reqCons.load("seqcst") === before) this.mustNotify = true;
    return ok(count);
  }

  /** Why xenstored has given this ring up, a `ConnectionError`; 0 where it has not. */
  serverError(): u32 {
    const page = this.mapped();
    if (!has(page.serverFeatures.load("relaxed"), ServerFeature.Error)) return 0;
    return page.error.load("relaxed");
  }

  /** Asks for a new start of both rings; false where this xenstored does not do that. */
  askForRestart(): boolean {
    const page = this.mapped();
    if (!has(page.serverFeatures.load("relaxed"), ServerFeature.Reconnection)) return false;
    page.connection.store(ConnectionState.Reconnect, "release");
    this.mustNotify = true;
    return true;
  }

  /** Whether xenstored has started both rings anew. */
  hasRestarted(): boolean {
    return this.mapped().connection.load("acquire") === ConnectionState.Connected;
  }

  mapped(): Shared<StoreInterface> {
    const page = this.page;
    assert(page !== null, "the ring is used after it was mapped");
    return page;
  }
}
