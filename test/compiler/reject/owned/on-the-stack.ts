import { noTicket, type Ticket } from "../../accept/modules/parts/tickets.ts";
@struct
class Holder {
  ticket: Ticket = noTicket;
}
@struct
class Cupboard {
  readonly holders = new FixedArray<Holder, 2>();
}
const kept = new Cupboard();
export function main(): i32 {
  const other = new Cupboard(); // error XL4014
  return held(kept.holders[0].ticket) || held(other.holders[0].ticket) ? 1 : 0;
}
