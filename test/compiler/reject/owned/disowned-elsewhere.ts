import { openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  const opened = openTicket();
  if (!opened.ok) return 1;
  return disown(opened.value) as i32; // error XL2012
}
