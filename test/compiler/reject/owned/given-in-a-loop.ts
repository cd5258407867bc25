import { closeTicket, openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  if (!opened.ok) return 1;
  const ticket = opened.value;
  for (let i: u32 = 0; i < 3; i++) { // error XL4010
    closeTicket(ticket);
  }
  return 0;
}
