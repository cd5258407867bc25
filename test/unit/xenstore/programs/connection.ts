//> split at every byte: 87 ways, all answers and events as they should be
//> byte by byte: as it should be
//> answers in any order: one two three
//> an error by its name: true; longer than its room: true, and the next is read: true
//> late answer and event of nobody: 2 strays, nothing told
//> a transaction whose number came too late is to be ended: 77, and no other; forgotten with the connection: true
//> a request of 2017 bytes goes in 2 pieces, each rung for: 2
//> rung for when idle: 1, when busy: 0
//> a full ring is rung for after it was read: 1
import { print } from "xenlet:host";
import { XenstoreFault } from "../../../../kernel/drivers/xenbus/xenstore/fault.ts";
import { Request } from "../../../../kernel/drivers/xenbus/xenstore/request.ts";
import { Watch } from "../../../../kernel/drivers/xenbus/xenstore/watch.ts";
import { MessageType } from "../../../../kernel/xen-abi/xs-wire.ts";
import {
  ask,
  connect,
  connection,
  endOf,
  errorTo,
  hear,
  put,
  replyTo,
  sayAll,
  saySplit,
  speak,
  user,
} from "./peer/daemon.ts";

const heard = new FixedArray<u8, 8192>();
const eventPath = new FixedArray<u8, 3072>();
const watch = new Watch();
const long = new FixedArray<u8, 2000>();
const full = new FixedArray<u8, 1008>();

/** Three requests and an event, all answered in one stream that comes in two pieces, or in steps. */
function converse(split: usize, step: usize): boolean {
  const rooms = new FixedArray<u8, 64>();
  const one = new Request(MessageType.Read, rooms.slice(0, 16));
  const two = new Request(MessageType.Directory, rooms.slice(16, 32));
  const three = new Request(MessageType.Read, rooms.slice(32, 48));
  connect();
  watch.path = "w".bytes();
  connection.watches.add(watch);
  const first = ask(one, "a");
  const second = ask(two, "b");
  const third = ask(three, "c");
  hear(heard);
  replyTo(second, "x\0y\0".bytes());
  errorTo(third, "ENOENT\0".bytes());
  speak(MessageType.WatchEvent, 0, "w/q\x001\0".bytes());
  replyTo(first, "value".bytes());
  saySplit(split, step);
  const isRight =
    endOf(first) === 5 &&
    first.into.slice(0, 5).equals("value".bytes()) &&
    endOf(second) === 4 &&
    endOf(third) === 10000 + (XenstoreFault.ENOENT as u64) &&
    !connection.events.isEmpty() &&
    connection.events.pop(eventPath).equals("w/q".bytes()) &&
    connection.events.token === watch.token &&
    connection.events.isEmpty();
  connection.watches.remove(watch);
  connection.watches.lastToken = 0;
  return isRight;
}

function splits(): void {
  const streamBytes = 86; // 4 headers of 16 bytes, and what stands after each
  let right: u32 = 0;
  for (let split: usize = 0; split <= streamBytes; split++) {
    if (converse(split, 4096)) right++;
  }
  print(`split at every byte: ${right} ways, all answers and events as they should be`);
  print(`byte by byte: ${converse(0, 1) ? "as it should be" : "wrong"}`);
}

function anyOrder(): void {
  const rooms = new FixedArray<u8, 24>();
  const one = new Request(MessageType.Read, rooms.slice(0, 8));
  const two = new Request(MessageType.Read, rooms.slice(8, 16));
  const three = new Request(MessageType.Read, rooms.slice(16, 24));
  connect();
  const first = ask(one, "1");
  const second = ask(two, "2");
  const third = ask(three, "3");
  replyTo(third, "three".bytes());
  replyTo(first, "one".bytes());
  replyTo(second, "two".bytes());
  sayAll(4096);
  print(
    `answers in any order: ${text(rooms.slice(0, first.length))} ${text(rooms.slice(8, 8 + second.length))} ${text(rooms.slice(16, 16 + third.length))}`,
  );
}

function errors(): void {
  const rooms = new FixedArray<u8, 8>();
  const refused = new Request(MessageType.Read, rooms.slice(0, 0));
  const narrow = new Request(MessageType.Read, rooms.slice(0, 4));
  const next = new Request(MessageType.Read, rooms.slice(4, 8));
  connect();
  const one = ask(refused, "1");
  const two = ask(narrow, "2");
  const three = ask(next, "3");
  errorTo(one, "EACCES\0".bytes());
  replyTo(two, "more than four".bytes());
  replyTo(three, "four".bytes());
  sayAll(7);
  print(
    `an error by its name: ${endOf(one) === 10000 + (XenstoreFault.EACCES as u64)}; longer than its room: ${endOf(two) === 10000 + (XenstoreFault.AnswerTooLong as u64)}, and the next is read: ${endOf(three) === 4}`,
  );
}

function strays(): void {
  connect();
  const before = connection.strays;
  const told = user.answers + user.reports;
  const late = new Request(MessageType.Read, heard);
  const given = ask(late, "a");
  connection.requests.take(given.id);
  replyTo(given, "too late".bytes());
  speak(MessageType.WatchEvent, 0, "a\x00777\0".bytes());
  sayAll(4096);
  const quiet = user.answers + user.reports === told && !given.isDone;
  print(
    `late answer and event of nobody: ${connection.strays - before} strays, ${quiet ? "nothing told" : "somebody was told"}`,
  );
}

function orphans(): void {
  connect();
  const late = ask(new Request(MessageType.TransactionStart, heard), "a");
  connection.requests.take(late.id);
  replyTo(late, "77\0".bytes());
  speak(MessageType.TransactionStart, 9999, "none\0".bytes());
  sayAll(4096);
  const first = connection.orphans.take();
  const second = connection.orphans.take();
  replyTo(late, "78\0".bytes());
  sayAll(4096);
  connection.abandonAll();
  print(
    `a transaction whose number came too late is to be ended: ${first}, and ${second === 0 ? "no other" : "another"}; forgotten with the connection: ${connection.orphans.take() === 0}`,
  );
}

/** Takes all that is in the ring, whenever rung for, until the message is through. */
function inPieces(): void {
  connect();
  long.fill(0x61);
  const rungBefore = user.notifications;
  const gone = user.messages;
  const request = new Request(MessageType.Read, heard);
  const asked = ask(request, `${text(long.slice(0, 2000))}`);
  let pieces: u32 = 1;
  let total: usize = hear(heard).length;
  while (user.messages === gone) {
    connection.serve();
    pieces++;
    total += hear(heard).length;
  }
  connection.requests.take(asked.id);
  assert(total === 2017, "header, path and zero");
  print(
    `a request of 2017 bytes goes in ${pieces} pieces, each rung for: ${user.notifications - rungBefore}`,
  );
}

function ringing(): void {
  connect();
  const before = user.notifications;
  const one = new Request(MessageType.Read, heard);
  const two = new Request(MessageType.Read, heard);
  const first = ask(one, "a");
  const afterFirst = user.notifications;
  const second = ask(two, "b"); // xenstored has not yet looked at the first
  print(`rung for when idle: ${afterFirst - before}, when busy: ${user.notifications - afterFirst}`);
  connection.requests.take(first.id);
  connection.requests.take(second.id);
  connect();
  const quiet = user.notifications;
  full.writeU32le(0, 99); // a message of 1024 bytes that nobody asked for
  full.writeU32le(12, 1008);
  put(full.slice(0, 16));
  put(full);
  connection.serve();
  print(`a full ring is rung for after it was read: ${user.notifications - quiet}`);
}

export function main(): i32 {
  splits();
  anyOrder();
  errors();
  strays();
  orphans();
  inPieces();
  ringing();
  return 0;
}
