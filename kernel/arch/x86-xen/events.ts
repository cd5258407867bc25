/**
 * Event channels, two-level interface: who is called when a port rings. A port is masked until it has a handler.
 * Bits of shared_info: xen.h, struct shared_info.
 */
import { addressOf } from "xenlet:unsafe";
import { toVirtAddr } from "../../xen-abi/addresses.ts";
import { CallbackFlag, CallbackType } from "../../xen-abi/callback.ts";
import { portNumber, toPort, type EventPort } from "../../xen-abi/event-channel.ts";
import { VersionOp } from "../../xen-abi/version.ts";
import { registerCallback, unmaskEvent, xenVersion, type Outcome } from "./hypercall.ts";
import { sharedInfo, vcpuInfo } from "./shared-info.ts";
import type { TrapFrame } from "./trap-frame.ts";

/** Called when a port has rung; events are masked meanwhile. @interrupt */
export type EventHandler = (port: EventPort) => void;

/** Ports that can have a handler. Xen gives out the lowest free number, so a domain of this size never sees more. */
const handlerLimit = 128;
const words = 64;

/** The stub of entry.S that Xen enters for events. */
declare function event_entry(): void;

const handlers = new FixedArray<EventHandler | null, 128>();
let unexpectedCount: u64 = 0;

/** Masks every port, tells Xen where to enter, and lets upcalls come. */
export function startEvents(): Outcome {
  const mask = sharedInfo().evtchnMask;
  for (let word: usize = 0; word < words; word++) mask.at(word).store(0xffffffffffffffff, "relaxed");
  const registered = registerCallback(
    CallbackType.Event,
    CallbackFlag.MaskEvents,
    toVirtAddr(addressOf(event_entry)),
  );
  if (registered.ok) unmaskUpcalls();
  return registered;
}

/** Has `handler` called whenever `port` rings. */
export function bindHandler(port: EventPort, handler: EventHandler): Result<undefined> {
  const number = portNumber(port);
  if (number === 0 || number >= handlerLimit) return err("the port's number is out of range");
  if (handlers[number] !== null) return err("the port has a handler already");
  handlers[number] = handler;
  const unmasked = unmaskEvent(port);
  return unmasked.ok ? ok() : err("Xen does not unmask the port");
}

/** Forgets that `port` has rung, so that it can be polled for the next time. */
export function clearPending(port: EventPort): void {
  const number = portNumber(port);
  sharedInfo()
    .evtchnPending.at(number / 64)
    .fetchAnd(~bit(number), "acqrel");
}

/** Events that rang without a handler; their ports were masked. */
export function unexpectedEvents(): u64 {
  return unexpectedCount;
}

/** While it is in scope, no upcall comes to this vCPU. */
@struct
export class MaskedEvents {
  readonly before: u8;

  constructor() {
    const mask = vcpuInfo().evtchnUpcallMask;
    this.before = mask.load("relaxed");
    mask.store(1, "seqcst");
  }

  [Symbol.dispose](): void {
    if (this.before === 0) unmaskUpcalls();
  }
}

/** An event that came while upcalls were masked has no upcall of its own any more: the next hypercall makes it up. */
function unmaskUpcalls(): void {
  const vcpu = vcpuInfo();
  vcpu.evtchnUpcallMask.store(0, "seqcst");
  if (vcpu.evtchnUpcallPending.load("seqcst") !== 0) {
    const forced = xenVersion(VersionOp.Version, 0);
    assert(forced.ok, "Xen says its version");
  }
}

/**
 * Where entry.S goes when Xen made an upcall. Xen looks again on the way back, so what rings meanwhile is not missed.
 * @export event_upcall
 * @interrupt
 */
export function eventUpcall(frame: TrapFrame): void {
  const vcpu = vcpuInfo();
  vcpu.evtchnUpcallPending.store(0, "seqcst");
  let selected = vcpu.evtchnPendingSel.exchange(0, "acqrel");
  while (selected !== 0) {
    const word = lowestBit(selected);
    selected &= selected - 1;
    dispatchWord(word);
  }
}

function dispatchWord(word: u32): void {
  const shared = sharedInfo();
  const pending = shared.evtchnPending.at(word);
  let ringing: u64 = pending.load("acquire") & ~shared.evtchnMask.at(word).load("relaxed");
  while (ringing !== 0) {
    const number: u32 = word * 64 + lowestBit(ringing);
    ringing &= ringing - 1;
    pending.fetchAnd(~bit(number), "acqrel"); // before the handler looks, or a ring during it would be lost
    dispatchPort(number);
  }
}

function dispatchPort(number: u32): void {
  const handler = number < handlerLimit ? handlers[number] : null;
  if (handler !== null) {
    handler(toPort(number));
    return;
  }
  sharedInfo()
    .evtchnMask.at(number / 64)
    .fetchOr(bit(number), "relaxed");
  unexpectedCount++;
}

function bit(port: u32): u64 {
  const one: u64 = 1;
  return one << (port % 64);
}
