import { noTicket, type Ticket } from "../../accept/modules/parts/tickets.ts";
@struct
class Holder {
  ticket: Ticket = noTicket;
}
const one = new Holder();
const other = new Holder();
export function main(): i32 {
  copy(one, other); // error XL4011
  return 0;
}
