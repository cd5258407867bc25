/**
 * `test=event-growth`: more ports than the kernel begins with (`count=`), and the change from one interface to the other while
 * ports are bound, masked and have rung.
 */
import { FifoEvents } from "../arch/x86-xen/event-fifo.ts";
import { portTable } from "../arch/x86-xen/event-ports.ts";
import {
  bindTarget,
  closePort,
  eventAbi,
  maskPort,
  MaskedEvents,
  setPortPriority,
  unmaskPort,
  type EventTarget,
} from "../arch/x86-xen/events.ts";
import { bindIpi, sendEvent } from "../arch/x86-xen/hypercall/events.ts";
import * as log from "../lib/log.ts";
import { eventMemory } from "../mm/event-memory.ts";
import { frames } from "../mm/memory.ts";
import { describeErrno } from "../xen-abi/errno.ts";
import { noPort, portNumber, toPort, type EventPort } from "../xen-abi/event-channel.ts";
import { EventPriority } from "../xen-abi/event-fifo.ts";
import { extent } from "./self-test.ts";

/** Writes down who rang in which order. */
@struct
class Listener implements EventTarget {
  port: EventPort = noPort;
  count: u64 = 0;
  /** Its place among all rings. */
  turn: u64 = 0;

  /** @interrupt */
  rang(port: EventPort): void {
    turns++;
    this.turn = turns;
    this.count++;
  }

  open(): void {
    const port = bindIpi(0);
    assert(port.ok, "Xen has ports");
    this.port = port.value;
    const bound = bindTarget(port.value, this);
    assert(bound.ok, "a new port is free");
  }

  /** How often it was told, as of now. */
  rings(): u64 {
    return this.count;
  }

  ring(): void {
    const sent = sendEvent(this.port);
    assert(sent.ok, "a bound port can be rung");
  }

  close(): void {
    const closed = closePort(this.port);
    assert(closed.ok, "a port of ours can be closed");
  }
}

let turns: u64 = 0;
const early = new Listener();
const late = new Listener();
/** Is bound to many ports. */
const census = new Listener();

/** Runs in a task. */
export function growEvents(): void {
  log.info(`events: ${eventAbi().name()} interface at first`);
  stayWithoutMemory();
  openMany();
  changeWhileBound();
  log.info("self-test event-growth: success");
}

/** Without memory the interface stays, and ports that have a place go on working. */
function stayWithoutMemory(): void {
  const allowance = frames.allowance;
  frames.allowance = 0;
  early.open();
  const before = eventAbi().name();
  const ordered = setPortPriority(early.port, EventPriority.Highest);
  assert(before === "FIFO" || !ordered, "no memory, no other interface");
  assert(eventAbi().name() === before, "the interface is the one that it was");
  early.ring();
  assert(early.rings() === 1, "events go on");
  early.close();
  const refused = openUpTo(portTable.states.length + 1);
  log.info(`without memory: ${refused}`);
  closeAll();
  frames.allowance = allowance;
}

/** A ring that nobody has seen yet, and one behind a mask, survive the change. */
function changeWhileBound(): void {
  early.count = 0;
  late.count = 0;
  early.open();
  late.open();
  maskPort(late.port);
  late.ring();
  let ordered: boolean = false;
  {
    using masked = new MaskedEvents();
    early.ring();
    ordered = setPortPriority(early.port, EventPriority.Highest);
    assert(early.rings() === 0 && late.rings() === 0, "nothing comes while events are masked");
  }
  assert(early.rings() === 1, "what rang before the change comes after it, once");
  assert(late.rings() === 0, "a masked port stays masked");
  unmaskPort(late.port);
  assert(late.rings() === 1, "and has not lost its ring");
  log.info(`events: ${eventAbi().name()} interface, ${ordered ? "with" : "without"} priorities`);
  if (ordered) {
    followPriority();
    refuseTwice();
  }
  early.close();
  late.close();
}

/** Of ports that rang in one order, the more urgent goes first. */
function followPriority(): void {
  {
    using masked = new MaskedEvents();
    late.ring();
    early.ring();
  }
  assert(early.turn < late.turn, "the port of the highest priority went first");
}

/** Xen refuses what it has already; nothing is lost by asking. */
function refuseTwice(): void {
  const again = new FifoEvents();
  const free = frames.free;
  const started = again.start(1, eventMemory);
  assert(!started.ok, "Xen has a control block for this vCPU");
  assert(frames.free === free, "the memory came back");
  log.info(`a second control block: ${describeErrno(started.error)}`);
}

let first: u32 = 0;
let last: u32 = 0;

/** Opens ports up to a number; says why there are not as many. */
function openUpTo(wanted: u64): string {
  first = 0;
  last = 0;
  for (let opened: u64 = 0; opened < wanted; opened++) {
    const port = bindIpi(0);
    if (!port.ok) return describeErrno(port.error);
    last = portNumber(port.value);
    if (first === 0) first = last;
    const bound = bindTarget(port.value, census);
    if (!bound.ok) return bound.error;
  }
  return "all are open";
}

function closeAll(): void {
  for (let number: u32 = first; number <= last; number++) {
    const closed = closePort(toPort(number));
    assert(closed.ok, "a port of ours can be closed");
  }
}

function openMany(): void {
  const end = openUpTo(extent.count);
  const opened: u64 = last - first + 1;
  log.info(`${opened} ports up to number ${last}, ${eventAbi().name()} interface: ${end}`);
  const before = census.rings();
  for (let number: u32 = first; number <= last; number++) {
    const sent = sendEvent(toPort(number));
    assert(sent.ok, "a bound port can be rung");
  }
  let heard: u64 = 0;
  const states = portTable.states;
  for (let number: u32 = first; number <= last; number++) {
    if (number < states.length && states[number].count === 1) heard++;
  }
  assert(census.rings() - before === heard, "who is bound is told, however the table has grown");
  log.info(`${heard} of them heard their ring`);
  closeAll();
}
