/**
 * Event channels: who is called when a port rings, and when that may be. A port is masked until it has a handler. Below lie
 * the two interfaces that Xen has for this (event-abi*.ts, event-fifo.ts), above the handlers of drivers, timer and tasks.
 */
import * as log from "../../lib/log.ts";
import { addressOf, compilerBarrier } from "xenlet:unsafe";
import { toVirtAddr } from "../../xen-abi/addresses.ts";
import { CallbackFlag, CallbackType } from "../../xen-abi/callback.ts";
import { portCount, portNumber, toPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { Errno } from "../../xen-abi/errno.ts";
import type { EventPriority } from "../../xen-abi/event-fifo.ts";
import { EventChoice, type EventAbi } from "./event-abi.ts";
import { TwoLevelEvents } from "./event-abi-two-level.ts";
import { FifoEvents } from "./event-fifo.ts";
import type { EventMemory } from "./event-memory.ts";
import { portTable, type EventTarget } from "./event-ports.ts";
import { registerCallback } from "./hypercall/cpu.ts";
import { closeChannel } from "./hypercall/events.ts";
import type { Outcome } from "./hypercall/stubs.ts";
import { vcpuInfo } from "./shared-info.ts";
import type { TrapFrame } from "./trap-frame.ts";

export type { EventTarget } from "./event-ports.ts";

const twoLevel = new TwoLevelEvents();
const fifo = new FifoEvents();
let abi: EventAbi = twoLevel;
let upcallCount: u64 = 0;
let portMemory: EventMemory | null = null;
/** Whether the FIFO interface is taken when somebody needs what the other one lacks. */
let mayChange: boolean = false;

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
 * From here on ports beyond the first few get their memory from `memory`. Takes the interface that was chosen: an error
 * where Xen, or a lack of memory, does not allow it, and then the two-level one stays in use. @allocates
 */
export function chooseEvents(choice: EventChoice, memory: EventMemory): Outcome {
  portMemory = memory;
  mayChange = choice === EventChoice.AsNeeded;
  return choice === EventChoice.Fifo ? useFifo() : ok();
}

/** Ports that have a handler keep it, and their masks and rings. */
function useFifo(): Outcome {
  using masked = new MaskedEvents();
  const states = portTable.states;
  const started = fifo.start(min<usize>(states.length, portCount), portMemory!);
  mayChange = !started.ok && started.error === Errno.ENOMEM; // what Xen has refused it would refuse again
  if (!started.ok) return started;
  abi = fifo;
  for (const [number, state] of states.entries()) {
    const port = toPort(number as u32);
    if (state.target !== null && !twoLevel.isMasked(port)) fifo.unmask(port); // Xen has copied what had rung
  }
  return ok();
}

/** The interface in use. */
export function eventAbi(): EventAbi {
  return abi;
}

/**
 * Has `target` told whenever `port` rings. An error where the port has a handler, or where there is no room for another one.
 * @allocates
 */
export function bindTarget(port: EventPort, target: EventTarget): Result<undefined> {
  const number = portNumber(port);
  if (number === 0) return err("port 0 is never given out");
  using masked = new MaskedEvents();
  const room = makeRoom(port);
  if (!room.ok) return room;
  const state = portTable.states[number];
  if (state.target !== null) return err("the port has a handler already");
  state.target = target;
  state.count = 0;
  abi.unmask(port);
  return ok();
}

function makeRoom(port: EventPort): Result<undefined> {
  const number = portNumber(port);
  if (mayChange && number + 1 >= abi.portLimit()) {
    const changed = useFifo(); // Xen gives out the lowest number, so this is the last one that the interface has
    if (!changed.ok) log.warn(`events: all ${abi.portLimit()} ports are in use, and Xen offers no more`);
  }
  const prepared = abi.prepare(port);
  if (!prepared.ok || number < portTable.states.length) return prepared;
  const memory = portMemory;
  return memory === null ? err("there is no memory for ports yet") : portTable.reach(number, memory);
}

/** Nobody is told any more, and the port is masked. */
export function unbindTarget(port: EventPort): void {
  using masked = new MaskedEvents();
  if (!abi.has(port)) return;
  abi.mask(port);
  if (portNumber(port) < portTable.states.length) portTable.states[portNumber(port)].target = null;
}

/** Gives the port back to Xen. */
export function closePort(port: EventPort): Outcome {
  unbindTarget(port);
  if (abi.has(port)) abi.clearPending(port);
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

/**
 * Has `port` served before or after others that ring as well. Goes over to the interface that knows an order, where that is
 * allowed; false where there is none. @allocates
 */
export function setPortPriority(port: EventPort, priority: EventPriority): boolean {
  if (abi.setPriority(port, priority)) return true;
  if (!mayChange) return false;
  const changed = useFifo();
  return changed.ok && abi.setPriority(port, priority);
}

/** Events that rang without a handler; their ports were masked. */
export function unexpectedEvents(): u64 {
  return portTable.unexpected;
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
  vcpuInfo().evtchnUpcallPending.store(0, "relaxed"); // the exchange in serve() keeps the order
  abi.serve();
}
