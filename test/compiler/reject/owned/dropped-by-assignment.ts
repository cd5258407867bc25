import { closeTicket, openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  if (!opened.ok) return 1;
  let ticket = opened.value;
  const second = openTicket();
  if (second.ok) ticket = second.value; // error XL4008
  closeTicket(ticket);
  return 0;
}
