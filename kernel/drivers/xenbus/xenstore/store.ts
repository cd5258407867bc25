/**
 * What can be asked of xenstored (xenstore.txt among Xen's documents). Every function waits for the answer; any number of
 * tasks may ask at once. Paths and values are templates: `store.write(`${text(home)}/state`, `${state}`)`. A path that does
 * not begin with a slash is relative to this domain's own directory, /local/domain/<id>.
 */
import { never } from "../../../sched/timer-heap.ts";
import type { DomId } from "../../../xen-abi/domain.ts";
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { client } from "./client.ts";
import { acknowledged, generationOf, parseNumberStrictly } from "./answers.ts";
import { XenstoreFault } from "./fault.ts";
import { parsePermissions, type Permission } from "./permission.ts";
import { Request } from "./request.ts";
import type { Watch, WatchTarget } from "./watch.ts";

/** A way to xenstored: with a transaction or without, and with a deadline or without. */
@struct
export class Store {
  /** All that is asked belongs to this transaction; 0 for none. */
  readonly transaction: u32;
  /** System time after which nobody waits any more: the answer is `TimedOut`. `never`: without a limit. */
  readonly deadline: u64;

  constructor(transaction: u32, deadline: u64) {
    this.transaction = transaction;
    this.deadline = deadline;
  }

  /** The node's value, put into `into`. Any bytes, up to `payloadLimit` of them. @blocks */
  read(path: Template, into: Slice<u8>): Result<Slice<u8>, XenstoreFault> {
    return this.ask(MessageType.Read, path, into);
  }

  /** The node's value, which must be a decimal number without anything before or after it. @blocks */
  readNumber(path: Template): Result<u64, XenstoreFault> {
    const digits = new FixedArray<u8, 24>();
    const value = this.read(path, digits);
    if (value.ok) return parseNumberStrictly(value.value);
    return err(value.error === XenstoreFault.AnswerTooLong ? XenstoreFault.NotANumber : value.error);
  }

  /** Whether there is such a node that this domain may read. @blocks */
  exists(path: Template): Result<boolean, XenstoreFault> {
    const value = this.read(path, nowhere);
    if (value.ok || value.error === XenstoreFault.AnswerTooLong) return ok(true);
    return value.error === XenstoreFault.ENOENT ? ok(false) : err(value.error);
  }

  /** Sets the node's value; makes the node, and those above it, where they are missing. @blocks */
  write(path: Template, value: Template): Result<undefined, XenstoreFault> {
    const answer = new FixedArray<u8, 4>();
    const request = new Request(MessageType.Write, answer);
    const begun = client.begin(request, this);
    if (!begun.ok) return err(begun.error);
    client.message.addPath(path);
    client.message.add(value);
    return acknowledged(client.exchange(request, this));
  }

  /** Makes a node without a value, and those above it; nothing happens where it exists. @blocks */
  makeDirectory(path: Template): Result<undefined, XenstoreFault> {
    return this.tell(MessageType.MakeDirectory, path);
  }

  /** Removes the node and all below it. One that is not there is `ENOENT`, unless its parent is there. @blocks */
  remove(path: Template): Result<undefined, XenstoreFault> {
    return this.tell(MessageType.Remove, path);
  }

  /**
   * The names of the node's children, put into `into`: walk over them with `new Names(list)`. A list that one message does
   * not hold comes in parts (`DIRECTORY_PART`, which not every xenstored has: then `E2BIG`). @blocks
   */
  directory(path: Template, into: Slice<u8>): Result<Slice<u8>, XenstoreFault> {
    const whole = this.ask(MessageType.Directory, path, into);
    if (whole.ok || whole.error !== XenstoreFault.E2BIG) return whole;
    return err(XenstoreFault.E2BIG);
  }

  /** The node's permissions, put into `into`: how many there are. @blocks */
  permissions(path: Template, into: Slice<Permission>): Result<usize, XenstoreFault> {
    const letters = new FixedArray<u8, 256>();
    const list = this.ask(MessageType.GetPermissions, path, letters);
    return list.ok ? parsePermissions(list.value, into) : err(list.error);
  }

  /** Replaces the node's permissions. @blocks */
  setPermissions(path: Template, permissions: Slice<Permission>): Result<undefined, XenstoreFault> {
    return err(XenstoreFault.Absent);
  }

  /** The directory of a domain, which need not exist, put into `into`. @blocks */
  domainPath(domain: DomId, into: Slice<u8>): Result<Slice<u8>, XenstoreFault> {
    return this.ask(MessageType.GetDomainPath, `${domain}`, into);
  }

  /**
   * Has `target` told about changes at and below `path`. Both `watch` and the bytes of `path` must stay as they are until
   * `unwatch` has returned. Outside of transactions. @blocks
   */
  watch(watch: Watch, path: Slice<u8>, target: WatchTarget): Result<undefined, XenstoreFault> {
    return err(XenstoreFault.Absent);
  }

  /**
   * Nobody is told any more: when this returns, no call of the target is under way, unless the caller is that call. So the
   * caller has no lock that the target wants. Nothing happens where the watch is not set. @blocks
   */
  unwatch(watch: Watch): void {}

  /**
   * Runs `body` in a transaction: all of it happens, or nothing. Where somebody else changed meanwhile what it has read or
   * written, it runs again, so it must not have done anything else than ask `store`; after `mostAttempts` times the answer
   * is `EAGAIN`. Nothing happens where `body` gives an error. @blocks
   */
  transact(body: TransactionBody): Result<undefined, XenstoreFault> {
    return err(XenstoreFault.Absent);
  }
}

/** What happens in a transaction. */
export interface TransactionBody {
  /** @blocks */
  run(store: Store): Result<undefined, XenstoreFault>;
}

/** xenstored, without a transaction and without a deadline: where it does not answer, a line of the log says so. */
export const xenstore = new Store(0, never);
