/** The one-shot timer that Xen has for each vCPU, and the interrupt that it raises. */
import type { EventPort } from "../../xen-abi/event-channel.ts";
import { Virq } from "../../xen-abi/xen.ts";
import { bindTarget, type EventTarget } from "./events.ts";
import { bindVirq } from "./hypercall/events.ts";
import { setSingleshotTimer, stopPeriodicTimer } from "./hypercall/vcpu.ts";

/** The only vCPU. */
const bootVcpu = 0;

/** Who is told that the timer has fired; events are masked meanwhile. */
export interface ClockInterrupt {
  /** @interrupt */
  fired(): void;
}

let listener: ClockInterrupt | null = null;

/** Has `interrupt` told whenever the timer fires. */
export function startTimer(interrupt: ClockInterrupt): Result<undefined> {
  const stopped = stopPeriodicTimer(bootVcpu);
  if (!stopped.ok) return err("Xen does not stop the periodic timer");
  listener = interrupt;
  const bound = bindVirq(Virq.Timer, bootVcpu);
  return bound.ok ? bindTarget(bound.value, timerPort) : err("Xen does not give the timer's interrupt away");
}

/** Lets the timer fire at `deadline`, a system time in ns, instead of what was set before; at once where that has passed. */
export function armTimer(deadline: u64): void {
  const armed = setSingleshotTimer(bootVcpu, deadline);
  assert(armed.ok, "Xen sets the timer of a vCPU that runs");
}

@struct
class TimerPort implements EventTarget {
  rang(port: EventPort): void {
    listener?.fired();
  }
}

const timerPort = new TimerPort();
