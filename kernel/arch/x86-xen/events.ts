/**
 * Event channels: who is called when a port rings, and when that may be. A port is masked until it has a handler. Below lie
 * the two interfaces that Xen has for this (event-abi*.ts, event-fifo.ts), above the handlers of drivers, timer and tasks.
 */
import { addressOf, compilerBarrier } from "xenlet:unsafe";
import { toVirtAddr } from "../../xen-abi/addresses.ts";
import { CallbackFlag, CallbackType } from "../../xen-abi/callback.ts";
import { portNumber, toPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { EventPriority } from "../../xen-abi/event-fifo.ts";
import type { EventAbi } from "./event-abi.ts";
import { TwoLevelEvents } from "./event-abi-two-level.ts";
import { FifoEvents } from "./event-fifo.ts";
import { registerCallback } from "./hypercall/cpu.ts";
import { closeChannel } from "./hypercall/events.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { vcpuInfo } from "./shared-info.ts";
import type { TrapFrame } from "./trap-frame.ts";

/** Who is told when a port has rung. Events are masked meanwhile; it may be told without a reason, and looks for itself. */
export interface EventTarget {
  /** @interrupt */
  rang(port: EventPort): void;
}

/** What the kernel knows about one port. */
@struct
export class PortState {
  target: EventTarget | null = null;
  /** How often it has rung. */
  count: u64 = 0;
}

/** Ports that can have a handler. Xen gives out the lowest free number, so a domain of this size never sees more. */
const portLimit = 512;
const ports = new FixedArray<PortState, 512>();
const twoLevel = new TwoLevelEvents();
const fifo = new FifoEvents();
let abi: EventAbi = twoLevel;
let unexpectedCount: u64 = 0;
let upcallCount: u64 = 0;

/** The stub of entry.S that Xen enters for events. */
declare function event_entry(): void;

/** Masks every port, tells Xen where to enter, and lets events come: through the two-level interface. */
export function startEvents(): Outcome {
  twoLevel.start();
  const entry = toVirtAddr(addressOf(event_entry));
  const registered = registerCallback(CallbackType.Event, CallbackFlag.MaskEvents, entry);
  if (registered.ok) enableEvents();
  return registered;
}

/**
 * Goes over to the FIFO interface, before any port has a handler; refused where Xen does not offer it, and then the
 * two-level one stays in use. Needs the p2m list.
 */
export function useFifoEvents(): Outcome {
  using masked = new MaskedEvents();
  const started = fifo.start();
  if (started.ok) abi = fifo;
  return started;
}

/** The interface in use. */
export function eventAbi(): EventAbi {
  return abi;
}

/** Has `target` told whenever `port` rings. */
export function bindTarget(port: EventPort, target: EventTarget): Result<undefined> {
  const number = portNumber(port);
  if (number === 0 || number >= portLimit) return err("the port's number is out of range");
  if (ports[number].target !== null) return err("the port has a handler already");
  if (!abi.prepare(port)) return err("the event interface has no room for the port");
  ports[number].target = target;
  ports[number].count = 0;
  unmaskPort(port);
  return ok();
}

/** Nobody is told any more, and the port is masked. */
export function unbindTarget(port: EventPort): void {
  using masked = new MaskedEvents();
  abi.mask(port);
  ports[portNumber(port)].target = null;
}

/** Gives the port back to Xen. */
export function closePort(port: EventPort): Outcome {
  unbindTarget(port);
  abi.clearPending(port);
  return closeChannel(port);
}

/** Whoever is bound to `port` is not told until it is unmasked; a ring is kept. @interrupt */
export function maskPort(port: EventPort): void {
  abi.mask(port);
}

/** Whoever is bound to `port` is told from now on, and at once where it has rung. @interrupt */
export function unmaskPort(port: EventPort): void {
  using masked = new MaskedEvents();
  abi.unmask(port);
}

/** Forgets that `port` has rung, so that it can be polled for the next time. @interrupt */
export function clearPending(port: EventPort): void {
  abi.clearPending(port);
}

/** Has `port` served before or after others that ring as well, where the interface knows an order. */
export function setPortPriority(port: EventPort, priority: EventPriority): void {
  abi.setPriority(port, priority);
}

/** What was counted about a port that could have a handler. */
export function portState(number: u32): PortState {
  return ports[number];
}

/** Ports that `portState` knows: 0 up to, and not including, this. */
export function knownPorts(): u32 {
  return portLimit;
}

/** Events that rang without a handler; their ports were masked. */
export function unexpectedEvents(): u64 {
  return unexpectedCount;
}

/** How often ports were looked at, by an upcall or when events were unmasked. */
export function eventRounds(): u64 {
  return upcallCount;
}

/** While it is in scope, no upcall comes to this vCPU. */
@struct
export class MaskedEvents {
  readonly before: u8;

  constructor() {
    const mask = vcpuInfo().evtchnUpcallMask;
    this.before = mask.load("relaxed");
    mask.store(1, "relaxed");
    compilerBarrier(); // only this vCPU, and Xen while this vCPU is inside it, look at the mask
  }

  [Symbol.dispose](): void {
    if (this.before === 0) enableEvents();
  }
}

/**
 * Lets events come. Xen made no upcall for one that came while they were masked; it is served here, which spares the
 * hypercall that would make Xen look again. @interrupt
 */
export function enableEvents(): void {
  const vcpu = vcpuInfo();
  compilerBarrier();
  vcpu.evtchnUpcallMask.store(0, "release");
  compilerBarrier();
  // Whatever comes from here on makes an upcall of its own.
  if (vcpu.evtchnUpcallPending.load("relaxed") !== 0) serveMissed();
}

/** What rang while events were masked: as an upcall would do it. */
function serveMissed(): void {
  const vcpu = vcpuInfo();
  do {
    vcpu.evtchnUpcallMask.store(1, "relaxed");
    compilerBarrier();
    serveEvents();
    compilerBarrier();
    vcpu.evtchnUpcallMask.store(0, "release");
    compilerBarrier();
  } while (vcpu.evtchnUpcallPending.load("relaxed") !== 0);
}

/**
 * Where entry.S goes when Xen made an upcall. It looks again before it lets the interrupted code go on, so what rings
 * meanwhile is not missed.
 * @export event_upcall
 * @interrupt
 */
export function eventUpcall(frame: TrapFrame): void {
  serveEvents();
}

function serveEvents(): void {
  upcallCount++;
  vcpuInfo().evtchnUpcallPending.store(0, "relaxed"); // the exchange in next() keeps the order
  const from = abi;
  for (let number = from.next(); number !== 0; number = from.next()) serve(number);
}

function serve(number: u32): void {
  if (number < portLimit) {
    const port = ports[number];
    port.count++;
    const target = port.target;
    if (target !== null) {
      target.rang(toPort(number));
      return;
    }
  }
  abi.mask(toPort(number));
  unexpectedCount++;
}
