/**
 * The life of a device as its front end decides it: from where both ends are now, the next step. Only the present counts,
 * never how it came about: the back end may have taken several steps since somebody looked, or none.
 *
 *     Unknown ──begin──▸ Initialising ──negotiate──▸ Initialised ──connect──▸ Connected
 *                             ▴                                                   │ close, from anywhere
 *                             └──────begin────── Closed ◂──leave── Closing ◂──────┘
 *
 * docs/xenbus.md draws it with the back end's side.
 */
import { XenbusState } from "../../../xen-abi/xenbus.ts";

/** Where a device is. */
export type Situation = {
  /** Our end. Initialised: our rings are published, whichever state that is called towards the back end. */
  readonly ours: XenbusState;
  /** The back end; Unknown where its directory, or the node, is missing. */
  readonly theirs: XenbusState;
  /** The toolstack wants the device (`online` in the back end's directory). */
  readonly isOnline: boolean;
  /** Our directory is there. */
  readonly isPresent: boolean;
  /** Our directory is another one than that we have written to. */
  readonly isReplaced: boolean;
  /** The back end did what we do not put up with. */
  readonly isRefused: boolean;
};

export const enum Step {
  /** Nothing, until something changes. */
  Wait,
  /** Say that we are there. */
  Begin,
  /** Make rings that suit the back end, and publish them. */
  Negotiate,
  /** Both ends have the rings: use them. */
  Connect,
  /** Look what else the back end has changed. */
  Heed,
  /** Stop using the rings. */
  Close,
  /** Say that we have stopped, and give everything back that was acquired for this back end. */
  Leave,
  /** As Close and Leave, without a word: whom we talked to is gone. */
  Restart,
  /** The device is no more. */
  Forget,
}

export function nextStep(now: Situation): Step {
  if (!now.isPresent) return wayOut(now.ours, Step.Forget);
  if (now.isReplaced) return Step.Restart;
  if (now.isRefused) return wayOut(now.ours, Step.Wait);
  switch (now.ours) {
    case XenbusState.Unknown:
      return whenFound(now.theirs, now.isOnline);
    case XenbusState.Initialising:
      return whenBegun(now.theirs, now.isOnline);
    case XenbusState.Initialised:
      return whenPublished(now.theirs);
    case XenbusState.Connected:
      return whenConnected(now.theirs);
    case XenbusState.Closing:
      return Step.Leave;
    case XenbusState.Closed:
      return whenClosed(now.theirs, now.isOnline);
    case XenbusState.InitWait:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Close; // no front end of ours is ever there
  }
}

/** The steps to where everything is given back, and then `atLast`. */
function wayOut(ours: XenbusState, atLast: Step): Step {
  switch (ours) {
    case XenbusState.Unknown:
    case XenbusState.Closed:
      return atLast;
    case XenbusState.Closing:
      return Step.Leave;
    case XenbusState.Initialising:
    case XenbusState.InitWait:
    case XenbusState.Initialised:
    case XenbusState.Connected:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Close;
  }
}

/** The device was found just now. */
function whenFound(theirs: XenbusState, isOnline: boolean): Step {
  switch (theirs) {
    case XenbusState.Unknown:
    case XenbusState.Initialising:
    case XenbusState.InitWait:
      return Step.Begin;
    case XenbusState.Closed:
      return isOnline ? Step.Begin : Step.Wait;
    case XenbusState.Initialised:
    case XenbusState.Connected:
    case XenbusState.Closing:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Close; // it talks to the kernel that was here before
  }
}

/** We wait for the back end to say what it can do. */
function whenBegun(theirs: XenbusState, isOnline: boolean): Step {
  switch (theirs) {
    case XenbusState.InitWait:
    case XenbusState.Initialised: // pciback skips InitWait
      return Step.Negotiate;
    case XenbusState.Unknown:
    case XenbusState.Initialising:
      return Step.Wait;
    case XenbusState.Closed:
      return isOnline ? Step.Wait : Step.Close; // it comes again now that it hears from us, unless it is to go
    case XenbusState.Connected:
    case XenbusState.Closing:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Close; // with whom? It knows no ring of ours
  }
}

/** We wait for the back end to take our rings. */
function whenPublished(theirs: XenbusState): Step {
  switch (theirs) {
    case XenbusState.Connected:
      return Step.Connect;
    case XenbusState.InitWait:
    case XenbusState.Initialised:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Wait;
    case XenbusState.Unknown:
    case XenbusState.Initialising:
    case XenbusState.Closing:
    case XenbusState.Closed:
      return Step.Close;
  }
}

function whenConnected(theirs: XenbusState): Step {
  switch (theirs) {
    case XenbusState.Connected:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Heed;
    case XenbusState.Closing:
    case XenbusState.Closed:
    case XenbusState.Unknown:
      return Step.Close;
    case XenbusState.Initialising:
    case XenbusState.InitWait:
    case XenbusState.Initialised:
      return Step.Close; // it was started anew, and knows nothing of the connection
  }
}

/** Everything is given back. */
function whenClosed(theirs: XenbusState, isOnline: boolean): Step {
  switch (theirs) {
    case XenbusState.Initialising:
    case XenbusState.InitWait:
    case XenbusState.Initialised:
      return Step.Begin;
    case XenbusState.Closed:
      return isOnline ? Step.Begin : Step.Wait;
    case XenbusState.Unknown:
    case XenbusState.Connected:
    case XenbusState.Closing:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return Step.Wait;
  }
}

/** Whether a back end in this state may still use what we gave it, after we said that we have stopped. */
export function mayUseRings(theirs: XenbusState): boolean {
  switch (theirs) {
    case XenbusState.Initialised:
    case XenbusState.Connected:
    case XenbusState.Closing:
    case XenbusState.Reconfiguring:
    case XenbusState.Reconfigured:
      return true;
    case XenbusState.Unknown:
    case XenbusState.Initialising:
    case XenbusState.InitWait:
    case XenbusState.Closed:
      return false;
  }
}

/**
 * Whether a back end that was seen in one state, and is now in another, has forgotten what was before, so that a refusal is
 * forgotten as well. It may have been Initialising for a moment in which nobody looked.
 */
export function beginsAnew(before: XenbusState, now: XenbusState): boolean {
  if (now === XenbusState.InitWait) return before === XenbusState.Closed;
  return now !== before && (now === XenbusState.Unknown || now === XenbusState.Initialising);
}
