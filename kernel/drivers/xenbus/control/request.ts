/**
 * Requests of the toolstack: a node of this domain's directory `control`, which the toolstack writes, and the guest empties
 * when it has understood (xenstore-paths.pandoc, "Domain Controlled Paths").
 */
import type { XenstoreFault } from "../xenstore/fault.ts";
import { xenstore, type Store, type TransactionBody } from "../xenstore/store.ts";

/** Takes one request. In a transaction, so that none is lost that comes meanwhile. */
@struct
export class Request implements TransactionBody {
  /** The node, relative to the domain's directory. */
  readonly node: string;
  /** What is not taken, but left where it is: a request that the guest cannot meet. */
  readonly refused: string;
  readonly bytes = new FixedArray<u8, 32>();
  length: usize = 0;

  constructor(node: string, refused: string) {
    this.node = node;
    this.refused = refused;
  }

  /** What was asked for; nothing where there is no request. */
  text(): Slice<u8> {
    return this.bytes.slice(0, this.length);
  }

  /** Reads the request, and acknowledges it. @blocks */
  take(): Result<undefined, XenstoreFault> {
    return xenstore.transact(this);
  }

  /** @blocks */
  run(store: Store): Result<undefined, XenstoreFault> {
    this.length = 0;
    const value = store.read(`${this.node}`, this.bytes);
    if (!value.ok) return err(value.error);
    this.length = value.value.length;
    if (this.length === 0 || this.text().equals(this.refused.bytes())) return ok();
    return store.write(`${this.node}`, "");
  }
}
