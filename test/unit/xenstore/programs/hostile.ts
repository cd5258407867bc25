//> answers further ahead than the ring is long: broken, said in 1 line, whoever waits knows, later bytes are not read
//> answers taken back: broken, said in 1 line, whoever waits knows, later bytes are not read
//> more requests taken than were sent: broken, said in 1 line, whoever waits knows, later bytes are not read
//> a message of 4097 bytes: broken, said in 1 line, whoever waits knows, later bytes are not read
//> a message of 4294967295 bytes: broken, said in 1 line, whoever waits knows, later bytes are not read
//> an error of the server: broken, said in 1 line, whoever waits knows, later bytes are not read
//> an error where the feature is not offered: goes on
//> a message of 4096 bytes: goes on
//> an answer of another type: refused; the next one counts
//> watch events without form: 5 of 5 refused, 1 line says so, and the connection goes on
//> an event with a path of 4000 bytes, one not UTF-8, one from elsewhere: the watch is behind, and nothing is queued
//> 1000 events: 630 queued, then the watch is behind; all of them come out as they went in
//> started anew 8 times, then given up
import { print } from "xenlet:host";
import { Phase } from "../../../../kernel/drivers/xenbus/xenstore/connection.ts";
import { XenstoreFault } from "../../../../kernel/drivers/xenbus/xenstore/fault.ts";
import { Request } from "../../../../kernel/drivers/xenbus/xenstore/request.ts";
import { Watch } from "../../../../kernel/drivers/xenbus/xenstore/watch.ts";
import * as log from "../../../../kernel/lib/log.ts";
import { MessageType, ServerFeature } from "../../../../kernel/xen-abi/xs-wire.ts";
import {
  ask,
  connect,
  connection,
  endOf,
  errorTo,
  page,
  put,
  replyTo,
  sayAll,
  speak,
  speakHeader,
  user,
} from "./peer/daemon.ts";

const room = new FixedArray<u8, 4096>();
const payload = new FixedArray<u8, 4096>();
const eventPath = new FixedArray<u8, 3072>();
const watch = new Watch();

/** Counts the lines of the log. */
@struct
class Lines implements log.LogSink {
  count: u32 = 0;
  write(bytes: Slice<u8>): void {
    this.count++;
  }
  drain(): void {}
}
const lines = new Lines();

/** A lie is told while somebody waits for an answer. */
function lie(what: string, tell: () => void): void {
  connect();
  const breaks = user.breaks;
  const said = lines.count;
  const asked = ask(new Request(MessageType.Read, room), "a");
  tell();
  connection.serve();
  const isBroken = connection.phase === Phase.Broken && user.breaks === breaks + 1;
  const isTold = endOf(asked) === 10000 + (XenstoreFault.Disconnected as u64);
  const before = page.rspCons;
  page.rspProd = before + 100;
  connection.serve();
  const isDeaf = page.rspCons === before && user.breaks === breaks + 1;
  if (!isBroken && !isTold) {
    print(`${what}: goes on`);
    connection.requests.take(asked.id);
    return;
  }
  assert(isBroken && isTold && isDeaf, "a connection that broke is of no use to anybody");
  print(`${what}: broken, said in ${lines.count - said} line, whoever waits knows, later bytes are not read`);
}

function lies(): void {
  lie("answers further ahead than the ring is long", () => {
    page.rspProd = page.rspCons + 1025;
  });
  lie("answers taken back", () => {
    page.rspProd = page.rspCons - 1;
  });
  lie("more requests taken than were sent", () => {
    page.reqCons = page.reqProd + 1;
    connection.isSending = true;
  });
  lie("a message of 4097 bytes", () => {
    speakHeader(MessageType.Read, 1, 4097);
    sayAll(4096);
  });
  lie("a message of 4294967295 bytes", () => {
    speakHeader(MessageType.WatchEvent, 0, 0xffffffff);
    sayAll(1);
  });
  lie("an error of the server", () => {
    page.serverFeatures = ServerFeature.Error;
    page.error = 2;
  });
  lie("an error where the feature is not offered", () => {
    page.error = 2;
  });
  lie("a message of 4096 bytes", () => {
    speak(MessageType.Read, 999999, payload);
    sayAll(4096);
  });
}

function otherType(): void {
  connect();
  const refused = ask(new Request(MessageType.Read, room), "a");
  const next = ask(new Request(MessageType.Read, room), "b");
  speak(MessageType.Directory, refused.id, "x".bytes());
  replyTo(next, "four".bytes());
  sayAll(4096);
  const isRefused = endOf(refused) === 10000 + (XenstoreFault.BadAnswer as u64);
  print(
    `an answer of another type: ${isRefused ? "refused" : "believed"}; the next one ${endOf(next) === 4 ? "counts" : "is lost"}`,
  );
}

function formless(): void {
  connect();
  connection.malformed = 0;
  const said = lines.count;
  const payloads: Slice<string> = ["", "path", "path\0", "path\0token\0", "path\x001"];
  for (const one of payloads) speak(MessageType.WatchEvent, 0, one.bytes());
  sayAll(3);
  const goesOn = connection.phase === Phase.Connected;
  print(
    `watch events without form: ${connection.malformed} of 5 refused, ${lines.count - said} line says so, and the connection ${goesOn ? "goes on" : "broke"}`,
  );
}

function behind(count: usize): boolean {
  connect();
  connection.watches.add(watch);
  watch.path = "w".bytes();
  const token = "\x001\0".bytes();
  const event = payload.slice(0, count + token.length);
  event.slice(count).copyFrom(token);
  speak(MessageType.WatchEvent, 0, event);
  sayAll(4096);
  const isBehind = watch.isBehind && connection.events.isEmpty() && connection.areSomeBehind;
  connection.watches.remove(watch);
  connection.watches.lastToken = 0;
  return isBehind;
}

function oddPaths(): void {
  payload.fill(0x61);
  payload.copyFrom("w/".bytes());
  const long = behind(4000);
  payload[2] = 0xff;
  const notText = behind(3);
  payload.copyFrom("v/a".bytes());
  const elsewhere = behind(3);
  const result = long && notText && elsewhere ? "the watch is behind, and nothing is queued" : "believed";
  print(`an event with a path of 4000 bytes, one not UTF-8, one from elsewhere: ${result}`);
}

/** More than anybody can keep; the paths are w/0 to w/9. */
function flood(): void {
  connect();
  connection.watches.add(watch);
  watch.path = "w".bytes();
  for (let i: u32 = 0; i < 1000; i++) {
    payload.copyFrom("w/0ab\x001\0".bytes());
    payload[2] = (0x30 + (i % 10)) as u8;
    speak(MessageType.WatchEvent, 0, payload.slice(0, 8));
    sayAll(4096);
  }
  let queued: u32 = 0;
  let areRight = true;
  while (!connection.events.isEmpty()) {
    const path = connection.events.pop(eventPath);
    areRight = areRight && path.length === 5 && path[2] === 0x30 + (queued % 10);
    queued++;
  }
  const isBehind = watch.isBehind;
  print(
    `1000 events: ${queued} queued, then the watch is ${isBehind ? "behind" : "wrong"}; all of them come out ${areRight ? "as they went in" : "changed"}`,
  );
  connection.watches.remove(watch);
}

/** xenstored offers to start anew, and breaks each time. */
function restarts(): void {
  connect();
  const before = user.restarts;
  page.serverFeatures = ServerFeature.Reconnection;
  for (let round: u32 = 0; round < 20; round++) {
    page.rspProd = page.rspCons + 5000;
    connection.serve();
    if (page.connection === 0) break; // the guest does not ask any more
    page.rspProd = 0;
    page.rspCons = 0;
    page.reqProd = 0;
    page.reqCons = 0;
    page.connection = 0;
    connection.serve();
    const asked = ask(new Request(MessageType.Read, room), "a");
    errorTo(asked, "EIO\0".bytes());
    sayAll(4096);
    assert(
      endOf(asked) === 10000 + (XenstoreFault.EIO as u64),
      "a connection that started anew is as good as any",
    );
  }
  assert(connection.phase === Phase.Broken, "it ends");
  print(`started anew ${user.restarts - before} times, then given up`);
}

export function main(): i32 {
  log.addSink(lines);
  lies();
  otherType();
  formless();
  oddPaths();
  flood();
  restarts();
  return 0;
}
