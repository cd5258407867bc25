import { closeTicket, noTicket, type Ticket } from "../modules/parts/tickets.ts";

@struct
class Holder {
  ticket: Ticket = noTicket;
}
const holder = new Holder();

export function main(): i32 {
  closeTicket(take(holder.ticket)); // stops: there is no owned value to take
  return 0;
}
