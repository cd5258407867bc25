/** xenstored's end of the page, for tests: says what it is told to say, true or not. */
import { addressOf, sharedAt } from "xenlet:unsafe";
import { Connection, type ConnectionUser } from "../../../../../kernel/drivers/xenbus/xenstore/connection.ts";
import { Request } from "../../../../../kernel/drivers/xenbus/xenstore/request.ts";
import { MessageType, StoreInterface } from "../../../../../kernel/xen-abi/xs-wire.ts";

/** The page as xenstored sees it. */
export const page = new StoreInterface();

/** The page as the guest sees it. */
export function sharedPage(): Shared<StoreInterface> {
  return sharedAt<StoreInterface>(addressOf(page));
}

/** Counts what the connection tells its user. */
@struct
export class CountingUser implements ConnectionUser {
  answers: u32 = 0;
  messages: u32 = 0;
  reports: u32 = 0;
  restarts: u32 = 0;
  breaks: u32 = 0;
  notifications: u32 = 0;

  answered(request: Request): void {
    this.answers++;
  }
  messageGone(): void {
    this.messages++;
  }
  reported(): void {
    this.reports++;
  }
  restarted(): void {
    this.restarts++;
  }
  broke(): void {
    this.breaks++;
  }
  notify(): void {
    this.notifications++;
  }
}

export const user = new CountingUser();
export const connection = new Connection(user);

/** A message under construction: what comes next from xenstored. */
const spoken = new FixedArray<u8, 16384>();
let spokenLength: usize = 0;

/** Puts bytes into the ring, as many as there is room for. */
export function put(bytes: Slice<u8>): usize {
  let done: usize = 0;
  while (done < bytes.length && page.rspProd - page.rspCons < 1024) {
    page.replies[page.rspProd & 1023] = bytes[done];
    page.rspProd++;
    done++;
  }
  return done;
}

/** Writes a message of any type to the end of what is to be said. */
export function speak(type: u32, id: u32, payload: Slice<u8>): void {
  speakHeader(type, id, payload.length as u32);
  spoken.slice(spokenLength).copyFrom(payload);
  spokenLength += payload.length;
}

/** A header alone, which may claim anything. */
export function speakHeader(type: u32, id: u32, length: u32): void {
  const header = spoken.slice(spokenLength);
  header.writeU32le(0, type);
  header.writeU32le(4, id);
  header.writeU32le(8, 0);
  header.writeU32le(12, length);
  spokenLength += 16;
}

/** Says it all, `step` bytes at a time, and lets the guest listen after each. */
export function sayAll(step: usize): void {
  saySplit(0, step);
}

/** Says first `first` bytes, then `step` at a time. */
export function saySplit(first: usize, step: usize): void {
  let done: usize = first > 0 ? put(spoken.slice(0, first)) : 0;
  connection.serve();
  while (done < spokenLength) {
    const taken = put(spoken.slice(done, min<usize>(spokenLength, done + step)));
    connection.serve();
    if (taken === 0) break; // the guest does not listen any more
    done += taken;
  }
  spokenLength = 0;
}

/** What the guest has said and xenstored not yet read. */
export function hear(into: Slice<u8>): Slice<u8> {
  let count: usize = 0;
  while (page.reqCons !== page.reqProd && count < into.length) {
    into[count] = page.requests[page.reqCons & 1023];
    page.reqCons++;
    count++;
  }
  return into.slice(0, count);
}

/** A connection as after boot, its indices just before they wrap. */
export function connect(): void {
  page.reqCons = 0xfffffff0;
  page.reqProd = page.reqCons;
  page.rspCons = 0xffffff00;
  page.rspProd = page.rspCons;
  page.serverFeatures = 0;
  page.connection = 0;
  page.error = 0;
  spokenLength = 0;
  connection.abandonAll();
  connection.start(sharedPage());
}

/** Sends a request for `path`, as client.ts does it; whoever asks looks at what comes back. */
export function ask(request: Request, path: Template): Request {
  connection.outgoing.begin(request.type, 0);
  connection.outgoing.addPath(path);
  const inFlight = connection.requests.add(request);
  connection.outgoing.finish(inFlight.id);
  connection.send();
  return inFlight;
}

/** How a request ended: the length of its answer, 10000 plus a fault, or 99999 for not yet. */
export function endOf(request: Request): u64 {
  if (!request.isDone) return 99999;
  return request.hasFailed ? 10000 + (request.fault as u64) : request.length;
}

export function replyTo(request: Request, payload: Slice<u8>): void {
  speak(request.type, request.id, payload);
}

export function errorTo(request: Request, name: Slice<u8>): void {
  speak(MessageType.Error, request.id, name);
}
