/**
 * The conversation with xenstored: sends what is to be sent, takes what has come, and finds out whom it is for. Nothing here
 * waits, or knows what runs it.
 */
import * as log from "../../../lib/log.ts";
import { ConnectionError, MessageType, type StoreInterface } from "../../../xen-abi/xs-wire.ts";
import { parseTransaction, parseWatchEvent } from "./answers.ts";
import { EventQueue } from "./event-queue.ts";
import { faultNamed, XenstoreFault } from "./fault.ts";
import { IncomingMessage, OutgoingMessage } from "./message.ts";
import { Orphans } from "./orphans.ts";
import { isAtOrBelow, judgePath } from "./path.ts";
import { Request, Requests } from "./request.ts";
import { StoreRing } from "./ring.ts";
import { WatchList } from "./watch.ts";

export const enum Phase {
  /** This domain has no xenstore. */
  Absent,
  Connected,
  /** The rings are of no use, and xenstored was asked to start them anew. */
  Restarting,
  /** The rings are of no use any more. */
  Broken,
}

/** Who is told what has happened. */
export interface ConnectionUser {
  /** The request's answer is there. */
  answered(request: Request): void;
  /** The message has left, or will never leave: there is room for another. */
  messageGone(): void;
  /** There are watch events, watches that are behind, or orphans. */
  reported(): void;
  /** The rings have started anew: xenstored knows of no watch. */
  restarted(): void;
  /** The connection is gone, for good or until it has started anew. */
  broke(): void;
  /** xenstored is to be woken. */
  notify(): void;
}

/** A connection that keeps breaking is given up. */
const mostRestarts = 8;

@struct
export class Connection {
  readonly user: ConnectionUser;
  phase: Phase = Phase.Absent;
  readonly ring = new StoreRing();
  readonly outgoing = new OutgoingMessage();
  /** The outgoing message is complete, and not all of it has been sent. */
  isSending: boolean = false;
  readonly incoming = new IncomingMessage();
  readonly requests = new Requests();
  readonly watches = new WatchList();
  readonly events = new EventQueue();
  readonly orphans = new Orphans();
  /** Some watch is behind. */
  areSomeBehind: boolean = false;
  restarts: u64 = 0;
  answers: u64 = 0;
  reports: u64 = 0;
  /** Messages that nobody waits for: answers that come too late, events of watches that are not set any more. */
  strays: u64 = 0;
  /** Messages that the protocol does not have. */
  malformed: u64 = 0;

  constructor(user: ConnectionUser) {
    this.user = user;
  }

  start(page: Shared<StoreInterface>): void {
    this.ring.start(page);
    this.incoming.clear();
    this.phase = Phase.Connected;
  }

  /** Sends the outgoing message, which is complete: now as much as there is room for, the rest when `serve` is called. */
  send(): void {
    this.isSending = true;
    this.serve();
  }

  /** Does what there is to do: takes what has come, and sends what there is room for. */
  serve(): void {
    if (this.phase === Phase.Restarting && this.ring.hasRestarted()) {
      this.start(this.ring.mapped());
      this.user.restarted();
    }
    if (this.phase === Phase.Connected) {
      this.receiveAll();
      this.sendRest();
      this.hearError();
    }
    if (!this.ring.mustNotify) return;
    this.ring.mustNotify = false;
    this.user.notify();
  }

  receiveAll(): void {
    while (this.phase === Phase.Connected) {
      const taken = this.ring.receive(this.incoming.room());
      if (!taken.ok) {
        this.breakDown(`the answers' ring: ${taken.error}`);
        return;
      }
      const judged = this.incoming.filled(taken.value);
      if (!judged.ok) {
        this.breakDown(`${judged.error}: ${this.incoming.payloadLength()}`);
        return;
      }
      if (this.incoming.isComplete()) this.dispatch();
      else if (taken.value === 0) return;
    }
  }

  sendRest(): void {
    if (!this.isSending || this.phase !== Phase.Connected) return;
    const sent = this.ring.send(this.outgoing.unsent());
    if (!sent.ok) {
      this.breakDown(`the requests' ring: ${sent.error}`);
      return;
    }
    this.outgoing.sent += sent.value;
    if (this.outgoing.sent < this.outgoing.length) return;
    this.isSending = false;
    this.user.messageGone();
  }

  hearError(): void {
    if (this.phase !== Phase.Connected) return;
    const error = this.ring.serverError();
    if (error !== 0) this.breakDown(`xenstored has given it up: ${describeConnectionError(error)}`);
  }

  /** The message is out of the ring, whatever it is. */
  dispatch(): void {
    const message = this.incoming;
    if (message.type() === MessageType.WatchEvent) this.report(message.payload());
    else this.answer(message.type(), message.request(), message.payload());
    message.clear();
  }

  answer(type: u32, id: u32, payload: Slice<u8>): void {
    const request = this.requests.take(id);
    if (request === null) {
      this.strays++;
      if (type === MessageType.TransactionStart) this.adopt(payload);
      return;
    }
    this.answers++;
    if (type === request.type) request.succeed(payload);
    else if (type === MessageType.Error) request.fail(faultNamed(payload));
    else {
      this.noteMalformed(`expected an answer of type ${request.type as u32}, got type ${type}`);
      request.fail(XenstoreFault.BadAnswer);
    }
    this.user.answered(request);
  }

  /** Whoever began this transaction has gone. */
  adopt(answer: Slice<u8>): void {
    const transaction = parseTransaction(answer);
    if (transaction.ok) this.abandon(transaction.value);
  }

  /** Nobody goes on with this transaction: it is to be ended. */
  abandon(transaction: u32): void {
    this.orphans.add(transaction);
    this.user.reported();
  }

  report(payload: Slice<u8>): void {
    const parsed = parseWatchEvent(payload);
    if (!parsed.ok) {
      this.noteMalformed(`expected a watch event, got ${payload.length} bytes of another form`);
      return;
    }
    const path = parsed.value.path;
    const token = parsed.value.token;
    const watch = this.watches.find(token);
    if (watch === null) {
      this.strays++;
      return;
    }
    this.reports++;
    const isOne = judgePath(path).ok && watch.path !== null && isAtOrBelow(path, watch.path);
    if (!isOne || !this.events.push(token, path)) {
      watch.isBehind = true;
      this.areSomeBehind = true;
    }
    this.user.reported();
  }

  /** The first one is shown, and all are counted: a stranger does not get to fill the log. */
  noteMalformed(what: Template): void {
    this.malformed++;
    if (this.malformed === 1) log.warn(`xenstore: ${what}; others like it are only counted`);
  }

  /** Ends the connection, and tells everybody who waits for an answer. */
  breakDown(reason: Template): void {
    log.error(`xenstore: the connection is not used any more: ${reason}`);
    this.phase = Phase.Broken;
    if (this.restarts < mostRestarts && this.ring.askForRestart()) {
      this.restarts++;
      this.phase = Phase.Restarting;
    }
    this.abandonAll();
    this.user.broke();
  }

  /** Whatever was asked gets no answer any more, and no transaction goes on. */
  abandonAll(): void {
    this.orphans.clear();
    for (let request = this.requests.first; request !== null; request = this.requests.first) {
      this.requests.take(request.id);
      request.fail(XenstoreFault.Disconnected);
      this.user.answered(request);
    }
    if (!this.isSending) return;
    this.isSending = false;
    this.user.messageGone();
  }
}

function describeConnectionError(error: u32): string {
  switch (error) {
    case ConnectionError.Communication:
      return "a problem of communication";
    case ConnectionError.RingIndex:
      return "an index that cannot be";
    case ConnectionError.Protocol:
      return "a message that cannot be";
    default:
      return "for a reason without a name";
  }
}
