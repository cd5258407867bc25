import { closeTicket, noTicket, type Ticket } from "../../accept/modules/parts/tickets.ts";
@struct
class Holder {
  ticket: Ticket = noTicket;
}
const holder = new Holder();
export function main(): i32 {
  const second = holder.ticket; // error XL4011
  closeTicket(second);
  return 0;
}
