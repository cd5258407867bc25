import { closeTicket, numberOf, openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  if (!opened.ok) return 1;
  const ticket = opened.value;
  if (numberOf(ticket) === 2) { // error XL4010
    closeTicket(ticket);
  }
  return 0;
}
