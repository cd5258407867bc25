import { openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  return opened.ok ? 0 : 1; // error XL4008
}
