/** The forms that most exchanges with xenstored have. */
import { never } from "../../../sched/timer-heap.ts";
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { client } from "./client.ts";
import { XenstoreFault } from "./fault.ts";
import { Request } from "./request.ts";

/** A path goes, an answer comes, into `into`: its length. @blocks */
export function askAbout(
  type: MessageType,
  path: Template,
  into: Slice<u8>,
  transaction: u32,
  deadline: u64,
): Result<usize, XenstoreFault> {
  const request = new Request(type, into);
  const begun = client.begin(request, transaction, deadline);
  if (!begun.ok) return err(begun.error);
  client.message().addPath(path);
  return client.exchange(request, deadline);
}

/** A path goes; xenstored does what it is told. @blocks */
export function command(
  type: MessageType,
  path: Template,
  transaction: u32,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  const answer = new FixedArray<u8, 4>();
  const done = askAbout(type, path, answer, transaction, deadline);
  return done.ok ? ok() : err(done.error);
}

/** Has xenstored report changes at `path`, with `token`; or, with Unwatch, report them no more. @blocks */
export function commandWatch(
  type: MessageType,
  path: Slice<u8>,
  token: u32,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  const answer = new FixedArray<u8, 4>();
  const request = new Request(type, answer);
  const begun = client.begin(request, 0, deadline);
  if (!begun.ok) return err(begun.error);
  client.message().addPath(`${text(path)}`);
  client.message().addText(`${token}`);
  const done = client.exchange(request, deadline);
  return done.ok ? ok() : err(done.error);
}

/** A word goes, or none; an answer comes, into `into`: its length. @blocks */
export function askWord(
  type: MessageType,
  word: Template,
  into: Slice<u8>,
  transaction: u32,
  deadline: u64,
): Result<usize, XenstoreFault> {
  const request = new Request(type, into);
  const begun = client.begin(request, transaction, deadline);
  if (!begun.ok) return err(begun.error);
  client.message().addText(word);
  return client.exchange(request, deadline);
}

/** All of the transaction happens, or nothing; EAGAIN where it cannot happen. @blocks */
export function endTransaction(
  transaction: u32,
  happens: boolean,
  deadline: u64,
): Result<undefined, XenstoreFault> {
  const answer = new FixedArray<u8, 4>();
  const done = askWord(MessageType.TransactionEnd, happens ? "T" : "F", answer, transaction, deadline);
  return done.ok ? ok() : err(done.error);
}

/** Makes xenstored forget this domain's watches and transactions. @blocks */
export function resetWatches(): Result<undefined, XenstoreFault> {
  const answer = new FixedArray<u8, 4>();
  const done = askWord(MessageType.ResetWatches, "", answer, 0, never);
  return done.ok ? ok() : err(done.error);
}
