/**
 * What can be asked of xenstored (xenstore.txt among Xen's documents). Every function waits for the answer; any number of
 * tasks may ask at once. Paths and values are templates: `store.write(`${text(home)}/state`, `${state}`)`. A path that does
 * not begin with a slash is relative to this domain's own directory, /local/domain/<id>.
 */
import { untilZero } from "../../../lib/bytes.ts";
import { yieldNow } from "../../../sched/scheduler.ts";
import { never } from "../../../sched/timer-heap.ts";
import { domIdNumber, type DomId } from "../../../xen-abi/domain.ts";
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { parseDecimal, parseTransaction } from "./answers.ts";
import { client, connection } from "./client.ts";
import { directoryInParts } from "./directory.ts";
import { ask, command, endTransaction } from "./exchange.ts";
import { XenstoreFault } from "./fault.ts";
import { accessLetter, parsePermissions, type Permission } from "./permission.ts";
import { Request } from "./request.ts";
import type { Watch, WatchTarget } from "./watch.ts";
import { setWatch, unsetWatch } from "./watching.ts";

/** How often a transaction is tried. */
const mostAttempts = 64;

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
    const length = ask(MessageType.Read, path, "", into, this.transaction, this.deadline);
    return length.ok ? ok(into.slice(0, length.value)) : err(length.error);
  }

  /** The node's value, which must be a decimal number without anything before or after it. @blocks */
  readNumber(path: Template): Result<u64, XenstoreFault> {
    const digits = new FixedArray<u8, 20>();
    const value = this.read(path, digits);
    if (value.ok) return parseDecimal(value.value);
    return err(value.error === XenstoreFault.AnswerTooLong ? XenstoreFault.NotANumber : value.error);
  }

  /** Whether there is such a node, which this domain may read. @blocks */
  exists(path: Template): Result<boolean, XenstoreFault> {
    const nothing = new FixedArray<u8, 1>();
    const value = this.read(path, nothing);
    if (value.ok || value.error === XenstoreFault.AnswerTooLong) return ok(true);
    return value.error === XenstoreFault.ENOENT ? ok(false) : err(value.error);
  }

  /** Sets the node's value; makes the node, and those above it, where they are missing. @blocks */
  write(path: Template, value: Template): Result<undefined, XenstoreFault> {
    return command(MessageType.Write, path, value, this.transaction, this.deadline);
  }

  /** Makes a node without a value, and those above it; nothing happens where it exists. @blocks */
  makeDirectory(path: Template): Result<undefined, XenstoreFault> {
    return command(MessageType.MakeDirectory, path, "", this.transaction, this.deadline);
  }

  /** Removes the node and all below it. Where it is missing nothing happens; where its parent is, too: `ENOENT`. @blocks */
  remove(path: Template): Result<undefined, XenstoreFault> {
    return command(MessageType.Remove, path, "", this.transaction, this.deadline);
  }

  /**
   * The names of the node's children, put into `into`: walk over them with `new Names(list)`. A list that one message does
   * not hold comes in parts (DIRECTORY_PART; `ENOSYS` from oxenstored 4.17), and then `into` has to have room for 32 bytes more. @blocks
   */
  directory(path: Template, into: Slice<u8>): Result<Slice<u8>, XenstoreFault> {
    const whole = ask(MessageType.Directory, path, "", into, this.transaction, this.deadline);
    if (whole.ok) return ok(into.slice(0, whole.value));
    if (whole.error !== XenstoreFault.E2BIG) return err(whole.error);
    const length = directoryInParts(path, into, this.transaction, this.deadline);
    return length.ok ? ok(into.slice(0, length.value)) : err(length.error);
  }

  /** The node's permissions, put into `into`: how many there are. @blocks */
  permissions(path: Template, into: Slice<Permission>): Result<usize, XenstoreFault> {
    const letters = new FixedArray<u8, 512>();
    const type = MessageType.GetPermissions;
    const length = ask(type, path, "", letters, this.transaction, this.deadline);
    return length.ok ? parsePermissions(letters.slice(0, length.value), into) : err(length.error);
  }

  /** Replaces the node's permissions. @blocks */
  setPermissions(path: Template, permissions: Slice<Permission>): Result<undefined, XenstoreFault> {
    const answer = new FixedArray<u8, 4>();
    const request = new Request(MessageType.SetPermissions, answer);
    const begun = client.begin(request, this.transaction, this.deadline);
    if (!begun.ok) return err(begun.error);
    const message = client.message();
    message.addPath(path);
    for (const one of permissions) message.addText(`${accessLetter(one.access)}${domIdNumber(one.domain)}`);
    const done = client.exchange(request, this.deadline);
    return done.ok ? ok() : err(done.error);
  }

  /** The directory of a domain, which need not exist, put into `into`. @blocks */
  domainPath(domain: DomId, into: Slice<u8>): Result<Slice<u8>, XenstoreFault> {
    const type = MessageType.GetDomainPath;
    const length = ask(type, `${domIdNumber(domain)}`, "", into, this.transaction, this.deadline);
    if (!length.ok) return err(length.error);
    return ok(untilZero(into.slice(0, length.value)));
  }

  /**
   * Has `target` told about changes at and below `path`. Both `watch` and the bytes of `path` must stay as they are until
   * `unwatch` has returned. A special path (`@introduceDomain`) is for privileged domains: others get an error. @blocks
   */
  watch(watch: Watch, path: Slice<u8>, target: WatchTarget): Result<undefined, XenstoreFault> {
    return setWatch(watch, path, target, this.deadline);
  }

  /**
   * Nobody is told any more: when this returns, no call of the target is under way, unless the caller is that call. So the
   * caller must not have a lock that the target wants. Nothing happens where the watch is not set. @blocks
   */
  unwatch(watch: Watch): void {
    unsetWatch(watch, this.deadline);
  }

  /**
   * Runs `body` in a transaction: all of it happens, or nothing. Where somebody else changed meanwhile what it has read or
   * written, it runs again, so it does nothing that cannot be done twice; after 64 times the answer is `EAGAIN`. Where
   * `body` gives an error, nothing happens. @blocks
   */
  transact(body: TransactionBody): Result<undefined, XenstoreFault> {
    let attempt: u32 = 1;
    for (;;) {
      const done = this.transactOnce(body);
      if (done.ok || done.error !== XenstoreFault.EAGAIN || attempt === mostAttempts) return done;
      attempt++;
      yieldNow();
    }
  }

  /** @blocks */
  transactOnce(body: TransactionBody): Result<undefined, XenstoreFault> {
    const answer = new FixedArray<u8, 16>();
    const length = ask(MessageType.TransactionStart, "", "", answer, 0, this.deadline);
    if (!length.ok) return err(length.error);
    const id = parseTransaction(answer.slice(0, length.value));
    if (!id.ok) return err(id.error);
    const inside = new Store(id.value, this.deadline);
    const done = body.run(inside);
    const ended = endTransaction(id.value, done.ok, this.deadline);
    // It may not have been sent; where it was, there is no such transaction any more.
    if (!ended.ok && ended.error === XenstoreFault.TimedOut) connection.abandon(id.value);
    return done.ok ? ended : done;
  }
}

/** What happens in a transaction. */
export interface TransactionBody {
  /** @blocks */
  run(store: Store): Result<undefined, XenstoreFault>;
}

/** xenstored, without a transaction and without a deadline: where it does not answer, a line of the log says so. */
export const xenstore = new Store(0, never);
