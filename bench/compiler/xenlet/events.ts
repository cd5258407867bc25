const PORTS = 4096;
const WORD_BITS = 64;

/** The two-level event bitmap as it stands in the shared info page: a selector bit for each word of 64 ports. */
@struct({ size: 1032 })
export class EventState {
  selector: u64 = 0;
  readonly pending = new FixedArray<u64, 64>();
  readonly masked = new FixedArray<u64, 64>();
}

/** How often each port was delivered. */
@struct({ size: 16384 })
export class Deliveries {
  readonly count = new FixedArray<u32, 4096>();
}

/**
 * Delivers each event that is pending and not masked. The bits are left standing, so that the next round finds the same
 * work. Returns the sum of the ports.
 */
export function deliverEvents(state: Shared<EventState>, deliveries: Deliveries): u64 {
  let ports: u64 = 0;
  let words = state.selector.load("acquire");
  while (words !== 0) {
    const word = lowestBit(words);
    words &= words - 1;
    let events = state.pending.at(word).load("relaxed") & ~state.masked.at(word).load("relaxed");
    while (events !== 0) {
      const port = (word * WORD_BITS + lowestBit(events)) & (PORTS - 1);
      events &= events - 1;
      deliveries.count[port]++;
      ports += port;
    }
  }
  return ports;
}
