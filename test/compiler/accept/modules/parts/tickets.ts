/** Three tickets, each with one owner. */
export type Ticket = Owned<u32, "Ticket">;
export const noTicket = 0 as Ticket;

const open = new FixedArray<boolean, 4>();

export function openTicket(): Result<Ticket> {
  for (let number: u32 = 1; number < 4; number++) {
    if (open[number]) continue;
    open[number] = true;
    return ok(number as Ticket);
  }
  return err("no more");
}

export function closeTicket(ticket: Ticket): void {
  open[disown(ticket)] = false;
}

export function numberOf(ticket: Borrowed<Ticket>): u32 {
  return ticket as u32;
}

export function openCount(): u32 {
  let count: u32 = 0;
  for (const isOpen of open) if (isOpen) count++;
  return count;
}
