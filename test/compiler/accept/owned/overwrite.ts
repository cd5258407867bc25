import { noTicket, openTicket, type Ticket } from "../modules/parts/tickets.ts";

const tickets = new FixedArray<Ticket, 2>();
let spare: Ticket = noTicket;

export function main(): i32 {
  for (let i: usize = 0; i < 3; i++) {
    const opened = openTicket();
    if (!opened.ok) return 1;
    if (i === 0) spare = opened.value;
    else tickets[1] = opened.value; // stops: an owned value would be lost
  }
  return 0;
}
