import { closeTicket, openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  if (!opened.ok) return 1;
  const ticket = opened.value;
  closeTicket(take(ticket)); // error XL4013
  return 0;
}
