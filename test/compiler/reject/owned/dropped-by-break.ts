import { closeTicket, openTicket } from "../../accept/modules/parts/tickets.ts";
export function main(): i32 {
  for (let i: u32 = 0; i < 3; i++) {
    const opened = openTicket();
    if (!opened.ok) continue;
    if (i === 1) break; // error XL4008
    closeTicket(opened.value);
  }
  return 0;
}
