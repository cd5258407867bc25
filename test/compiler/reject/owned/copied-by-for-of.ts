import { numberOf, type Ticket } from "../../accept/modules/parts/tickets.ts";
const tickets = new FixedArray<Ticket, 2>();
export function main(): i32 {
  for (const ticket of tickets) { // error XL4011
    if (numberOf(ticket) > 0) return 1;
  }
  return 0;
}
