import { type Ticket } from "../../accept/modules/parts/tickets.ts";
function ignore(ticket: Ticket): void {
  if (held(ticket)) return; // error XL4008
}
export function main(): i32 {

  return 0;
}
