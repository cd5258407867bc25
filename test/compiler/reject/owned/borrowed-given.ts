import { closeTicket, type Ticket } from "../../accept/modules/parts/tickets.ts";
function close(ticket: Borrowed<Ticket>): void {
  closeTicket(ticket); // error XL2005
}
export function main(): i32 {
  return 0;
}
