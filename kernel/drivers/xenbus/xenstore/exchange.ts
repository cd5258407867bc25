/** The form that exchanges with xenstored have. */
import { never } from "../../../sched/timer-heap.ts";
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { client } from "./client.ts";
import { XenstoreFault } from "./fault.ts";
import { Request } from "./request.ts";

/**
 * A text goes, a path where the request is about a node, with a zero after it, and then `rest` as it is; an answer comes,
 * into `into`: its length. @blocks
 */
export function ask(
  type: MessageType,
  about: Template,
  rest: Template,
  into: Slice<u8>,
  transaction: u32,
  deadline: u64,
): Result<usize, XenstoreFault> {
  const request = new Request(type, into);
  const begun = client.begin(request, transaction, deadline);
  if (!begun.ok) return err(begun.error);
  if (isAboutNode(type)) client.message().addPath(about);
  else client.message().addText(about);
  client.message().addRest(rest);
  return client.exchange(request, deadline);
}

/** The same of what is answered with nothing but that it was done. @blocks */
export function command(
  type: MessageType,
  about: Template,
  rest: Template,
  transaction: u32,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  const answer = new FixedArray<u8, 4>();
  const done = ask(type, about, rest, answer, transaction, deadline);
  return done.ok ? ok() : err(done.error);
}

/** Has xenstored report changes at `path`, with `token`; or, with Unwatch, report them no more. @blocks */
export function commandWatch(
  type: MessageType,
  path: Slice<u8>,
  token: u32,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  return command(type, `${text(path)}`, `${token}\0`, 0, deadline);
}

/** All of the transaction happens, or nothing; EAGAIN where it cannot happen. @blocks */
export function endTransaction(
  transaction: u32,
  happens: boolean,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  return command(MessageType.TransactionEnd, happens ? "T" : "F", "", transaction, deadline);
}

/** Makes xenstored forget this domain's watches and transactions. @blocks */
export function resetWatches(): Result<undefined, XenstoreFault> {
  return command(MessageType.ResetWatches, "", "", 0, never);
}

/** Whether the request begins with a path: the others have a word, or none (xenstore.txt). */
function isAboutNode(type: MessageType): boolean {
  switch (type) {
    case MessageType.TransactionStart:
    case MessageType.TransactionEnd:
    case MessageType.ResetWatches:
    case MessageType.GetDomainPath:
      return false;
    default:
      return true;
  }
}
