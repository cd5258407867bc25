//> 3 open
//> looked at 1, at 2
//> none: 0, none left: 0
//> 2 open, after a refusal: no more
//> the second is there: true; the first: false
//> 0 open
import { print } from "xenlet:host";
import {
  closeTicket,
  noTicket,
  numberOf,
  openCount,
  openTicket,
  type Ticket,
} from "../modules/parts/tickets.ts";

@struct
class Holder {
  first: Ticket = noTicket;
  readonly others = new FixedArray<Ticket, 2>();

  /** Keeps two, or none. */
  fill(): Result<undefined> {
    const first = openTicket();
    if (!first.ok) return err(first.error);
    const second = openTicket();
    if (!second.ok) {
      closeTicket(first.value);
      return err(second.error);
    }
    this.first = first.value;
    this.others[1] = second.value;
    return ok();
  }

  empty(): void {
    if (held(this.first)) closeTicket(take(this.first));
    for (let i: usize = 0; i < this.others.length; i++) {
      if (held(this.others[i])) closeTicket(take(this.others[i]));
    }
  }
}

/** Whoever calls this owns the ticket from then on. */
function exchange(old: Ticket): Result<Ticket> {
  closeTicket(old);
  return openTicket();
}

const holder = new Holder();

/** A variable can be vacant, and is asked whether it is. */
function openIf(wanted: boolean): u32 {
  let ticket: Ticket = noTicket;
  if (wanted) {
    const opened = openTicket();
    if (opened.ok) ticket = opened.value;
  }
  if (!held(ticket)) return 0;
  const number = numberOf(ticket);
  closeTicket(ticket);
  return number;
}

export function main(): i32 {
  const filled = holder.fill();
  assert(filled.ok, "there is room for two");
  const third = openTicket();
  if (!third.ok) return 1;
  print(`${openCount()} open`);
  print(`looked at ${numberOf(holder.first)}, at ${numberOf(holder.others[1])}`);
  const moved = third.value;
  const again = holder.fill();
  print(`none: ${openIf(false)}, none left: ${openIf(true)}`);
  for (let round: u32 = 0; round < 3; round++) {
    const extra = openTicket();
    if (extra.ok) closeTicket(extra.value);
  }
  const last = exchange(moved);
  if (last.ok) {
    let mine = last.value;
    closeTicket(mine);
    mine = take(holder.first);
    closeTicket(mine);
    const back = openTicket();
    if (back.ok) holder.first = back.value;
  }
  print(`${openCount()} open, after a refusal: ${again.ok ? "none" : again.error}`);
  closeTicket(take(holder.first));
  print(`the second is there: ${held(holder.others[1])}; the first: ${held(holder.first)}`);
  holder.empty();
  print(`${openCount()} open`);
  return 0;
}
