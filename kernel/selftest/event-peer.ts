/**
 * `test=event-offer peer=DOMAIN` and `test=event-bind peer=DOMAIN port=PORT`: two domains with a channel between them. The
 * second one rings, the first one answers each ring, and both count.
 */
import { bindTarget, closePort, type EventTarget } from "../arch/x86-xen/events.ts";
import {
  allocateUnbound,
  bindInterdomain,
  readPortStatus,
  sendEvent,
} from "../arch/x86-xen/hypercall/events.ts";
import * as log from "../lib/log.ts";
import { sleep } from "../sched/scheduler.ts";
import { domIdSelf, domIdZero, toDomId, type DomId } from "../xen-abi/domain.ts";
import { describeErrno } from "../xen-abi/errno.ts";
import { EventStatus, portNumber, PortStatus, toPort, type EventPort } from "../xen-abi/event-channel.ts";
import { extent } from "./self-test.ts";

const millisecond = 1000000;
/** A number that Xen never gives to a domain: `DOMID_FIRST_RESERVED`. */
const nobody = 0x7ff0 - 1;

/** Rings back whenever it is rung, `limit` times. */
@struct
class Partner implements EventTarget {
  came: u64 = 0;
  sent: u64 = 0;
  limit: u64 = 0xffffffffffffffff;

  /** @interrupt */
  rang(port: EventPort): void {
    this.came++;
    if (this.sent === this.limit) return;
    this.sent++;
    const rung = sendEvent(port);
    assert(rung.ok, "a port with a peer can be rung");
  }
}

const partner = new Partner();

/** Keeps a port for the peer, and one that the peer may not have. @blocks */
export function offerEvents(): void {
  const offered = allocateUnbound(toDomId(extent.peer as u16));
  const other = allocateUnbound(domIdZero);
  assert(offered.ok && other.ok, "Xen has ports");
  const bound = bindTarget(offered.value, partner);
  assert(bound.ok, "a new port is free");
  log.info(`offered: ports ${portNumber(offered.value)} and ${portNumber(other.value)}`);
  while (partner.came === 0 || hasPeer(offered.value)) sleep(millisecond);
  log.info(`offer: ${partner.came} rings came, ${partner.sent} were answered, then the peer closed its end`);
}

/** Binds to the port that the peer keeps, and rings it `count=` times. @blocks */
export function bindEvents(): void {
  const peer = toDomId(extent.peer as u16);
  const port = toPort(extent.port as u32);
  tryBinding("a domain that is not there", toDomId(nobody), port);
  tryBinding("a port for somebody else", peer, toPort(portNumber(port) + 1));
  tryBinding("a port that nobody offers", peer, toPort(1000));
  tryBinding("our own domain", domIdSelf, port);
  const near = bindInterdomain(peer, port);
  assert(near.ok, "the port is offered to us");
  partner.limit = extent.count;
  const bound = bindTarget(near.value, partner); // has rung already, which begins the exchange
  assert(bound.ok, "a new port is free");
  while (partner.came <= partner.limit) sleep(millisecond);
  const closed = closePort(near.value);
  assert(closed.ok, "a port of ours can be closed");
  log.info(`bind: ${partner.sent} rings sent, ${partner.came - 1} answers came`);
}

function tryBinding(what: string, peer: DomId, port: EventPort): void {
  const bound = bindInterdomain(peer, port);
  if (!bound.ok) log.info(`${what}: ${describeErrno(bound.error)}`);
  else log.error(`${what}: was bound`);
}

/** Whether somebody has the other end; who closes it leaves ours waiting for a peer again. */
function hasPeer(port: EventPort): boolean {
  const status = new EventStatus();
  const known = readPortStatus(port, status);
  assert(known.ok, "the port is ours");
  return status.status === PortStatus.Interdomain;
}
