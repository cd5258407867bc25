/** io/xenbus.h: the states of the two ends of a device, each in a node `state` of its end's directory in xenstore. */

/** @xenConstants XenbusState io/xenbus.h */
export const enum XenbusState {
  /** Nothing was said yet; here also: there is no such node. */
  Unknown = 0,
  Initialising = 1,
  /** This end has said what it can do, and waits for the other one. */
  InitWait = 2,
  /** This end has said where its rings are, and waits for a connection. */
  Initialised = 3,
  Connected = 4,
  Closing = 5,
  Closed = 6,
  Reconfiguring = 7,
  Reconfigured = 8,
}

/** The header's name. */
export function xenbusStateName(state: XenbusState): string {
  switch (state) {
    case XenbusState.Unknown:
      return "Unknown";
    case XenbusState.Initialising:
      return "Initialising";
    case XenbusState.InitWait:
      return "InitWait";
    case XenbusState.Initialised:
      return "Initialised";
    case XenbusState.Connected:
      return "Connected";
    case XenbusState.Closing:
      return "Closing";
    case XenbusState.Closed:
      return "Closed";
    case XenbusState.Reconfiguring:
      return "Reconfiguring";
    case XenbusState.Reconfigured:
      return "Reconfigured";
  }
}
