import { numberOf, openTicket, type Ticket } from "../../accept/modules/parts/tickets.ts";
function open(): Ticket {
  const opened = openTicket();
  assert(opened.ok, "there is one");
  return opened.value;
}
export function main(): i32 {
  return numberOf(open()) as i32; // error XL4008
}
