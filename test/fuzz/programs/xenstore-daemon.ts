/** A xenstored that does whatever the input says, to a guest with two requests and a watch. */
import { Phase } from "../../../kernel/drivers/xenbus/xenstore/connection.ts";
import { Request } from "../../../kernel/drivers/xenbus/xenstore/request.ts";
import { judgePath } from "../../../kernel/drivers/xenbus/xenstore/path.ts";
import { Watch } from "../../../kernel/drivers/xenbus/xenstore/watch.ts";
import { MessageType, type ServerFeature } from "../../../kernel/xen-abi/xs-wire.ts";
import { ask, connect, connection, hear, page, put, user } from "../../unit/xenstore/programs/peer/daemon.ts";

const room = new FixedArray<u8, 64>();
const first = new Request(MessageType.Read, room);
const second = new Request(MessageType.Directory, room);
const heard = new FixedArray<u8, 2048>();
const eventPath = new FixedArray<u8, 3072>();
const watch = new Watch();

/** What the first byte of a step means; the next ones are its argument. */
const enum Step {
  /** Say so many of the next bytes. */
  Say,
  /** Say a header that fits: type and length follow, the number is that of a request in flight. */
  SayHeader,
  /** Read what the guest says. */
  Hear,
  /** Ask another question. */
  Ask,
  /** Set an index of the page. */
  SetIndex,
  /** Set features, connection and error. */
  SetState,
  Count,
}

@struct
class Input {
  rest: Slice<u8>;
  constructor(bytes: Slice<u8>) {
    this.rest = bytes;
  }
  next(): u8 {
    if (this.rest.length === 0) return 0;
    const byte = this.rest[0];
    this.rest = this.rest.slice(1);
    return byte;
  }
  take(count: usize): Slice<u8> {
    const taken = this.rest.slice(0, min<usize>(count, this.rest.length));
    this.rest = this.rest.slice(taken.length);
    return taken;
  }
}

export function LLVMFuzzerTestOneInput(bytes: Slice<u8>): i32 {
  const input = new Input(bytes);
  connect();
  connection.restarts = 0;
  connection.events.clear();
  connection.watches.lastToken = 0;
  watch.path = "w".bytes();
  connection.watches.add(watch);
  askAgain();
  while (input.rest.length > 0) {
    act(input);
    connection.serve();
    check();
  }
  connection.abandonAll();
  assert(connection.requests.count === 0 && connection.requests.first === null, "nobody waits for ever");
  while (!connection.events.isEmpty()) {
    const path = connection.events.pop(eventPath);
    assert(judgePath(path).ok, "only paths are passed on");
  }
  connection.watches.remove(watch);
  return 0;
}

function act(input: Input): void {
  switch ((input.next() % (Step.Count as u8)) as Step) {
    case Step.Say:
      put(input.take(input.next()));
      break;
    case Step.SayHeader:
      sayHeader(input);
      break;
    case Step.Hear:
      hear(heard.slice(0, input.next()));
      break;
    case Step.Ask:
      askAgain();
      break;
    case Step.SetIndex:
      setIndex(input.next(), input.next());
      break;
    case Step.SetState:
      page.serverFeatures = input.next() as Flags<ServerFeature, u32>;
      page.connection = input.next() & 1;
      page.error = input.next() & 3;
      break;
    case Step.Count:
      break;
  }
}

function sayHeader(input: Input): void {
  const header = new FixedArray<u8, 16>();
  header.writeU32le(0, input.next() % 24);
  const open = connection.requests.first;
  header.writeU32le(4, open === null ? 0 : open.id);
  header.writeU32le(12, input.next() * ((input.next() & 31) as u32));
  put(header);
}

/** An index a little off, or anywhere. */
function setIndex(which: u8, by: u8): void {
  const distance: u32 = by < 128 ? by : by << 24;
  if ((which & 3) === 0) page.rspProd += distance;
  else if ((which & 3) === 1) page.rspProd -= distance;
  else if ((which & 3) === 2) page.reqCons += distance;
  else page.reqCons -= distance;
}

/** Asks again what has been answered; what has not stays open. */
function askAgain(): void {
  if (connection.phase !== Phase.Connected || connection.isSending) return;
  askOnce(first);
  askOnce(second);
}

function askOnce(request: Request): void {
  for (let open = connection.requests.first; open !== null; open = open.next) {
    if (open === request) return;
  }
  if (connection.isSending) return;
  request.isDone = false;
  request.hasFailed = false;
  ask(request, "device/vif/0/state");
}

function check(): void {
  assert(user.answers >= 0, "counted");
  assert(connection.events.tail - connection.events.head <= 8192, "the queue keeps what it has room for");
  assert(connection.incoming.length <= 4112, "a message has its place");
}
