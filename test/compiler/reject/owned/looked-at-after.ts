import { closeTicket, numberOf, openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  if (!opened.ok) return 1;
  const ticket = opened.value;
  closeTicket(ticket);
  return numberOf(ticket) as i32; // error XL4009
}
