/**
 * Who called whom, by the chain of frame pointers: at %rbp lies the caller's %rbp, above it the return address. Every
 * pointer is checked before it is followed, since what lies on a broken stack can be anything.
 */
import { frameAddress, sliceAt, structAt } from "xenlet:unsafe";
import { LineTable } from "../../lib/line-table.ts";
import * as log from "../../lib/log.ts";
import { probeRead } from "./fixups.ts";
import type { TrapFrame } from "./trap-frame.ts";
import { contains, lineTableRegion, textRegion, trapTextRegion } from "./memory-map.ts";

/** Lines, and frames that are looked at: a recursion has more. */
const frameLimit = 48;
const walkLimit = 20000;

/** Writes a line for each function from `frame`'s instruction outwards, those included that the compiler inlined. */
export function printBacktrace(frame: TrapFrame): void {
  const region = lineTableRegion();
  const lines = new LineTable(sliceAt<u8>(region.start, region.end - region.start));
  const known = lines.open();
  const text = textRegion();
  const trapText = trapTextRegion();

  let address: u64 = frame.rip;
  let exact = true; // a return address is one past its call; an interrupted instruction is where it is
  if (!contains(text, address)) {
    log.emergency(`  at ${hex(address, 16)} (outside the kernel's text)`);
    // A jump into nowhere has made no frame yet: who jumped is on top of the stack.
    address = wordOnStack(frame.rsp);
    exact = false;
  }
  let pointer: u64 = frame.rbp;
  let repeated: u32 = 0;
  let depth: u32 = 0;
  for (let walked: u32 = 0; depth < frameLimit && walked < walkLimit; walked++) {
    const before: u64 = address;
    if (repeated > 0) {
      // a recursion: counted, not printed
    } else if (!contains(text, address))
      log.emergency(`  at ${hex(address, 16)} (outside the kernel's text)`);
    else if (contains(trapText, address)) log.emergency("  --- trap ---");
    else printFrames(lines, known, exact ? address : address - 1, depth === 0);
    if (pointer === 0) return;
    if (!isFramePointer(pointer)) {
      log.emergency(`  the chain breaks: ${hex(pointer, 16)} is no frame on the stack`);
      return;
    }
    exact = contains(trapText, address);
    address = wordOnStack(pointer + 8);
    if (address === before && walked > 0) {
      repeated++;
    } else {
      if (repeated > 0) log.emergency(`  … and ${repeated} more of the same`);
      repeated = 0;
      depth++;
    }
    const caller = wordOnStack(pointer);
    if (caller !== 0 && caller <= pointer) {
      log.emergency(`  the chain breaks: ${hex(caller, 16)} is not further out than ${hex(pointer, 16)}`);
      return;
    }
    pointer = caller;
  }
  log.emergency("  and more");
}

/** The same where an event's handler runs: from the instruction that the event interrupted. @interrupt */
export function printInterrupted(): void {
  let pointer = frameAddress();
  while (isFramePointer(pointer)) {
    const caller = wordOnStack(pointer);
    if (contains(trapTextRegion(), wordOnStack(pointer + 8))) {
      // entry.S: the caller's %rbp points to two words below the frame
      if (isFramePointer(caller)) printBacktrace(structAt<TrapFrame>(caller + 16));
      return;
    }
    if (caller <= pointer) return;
    pointer = caller;
  }
}

/** What lies at an address of a stack, whichever it is; 0 where nothing can be read. */
function wordOnStack(address: u64): u64 {
  if ((address & 7) !== 0) return 0;
  const word = probeRead(address);
  return word.ok ? word.value : 0;
}

/** Whether both words of a frame can be read there. */
function isFramePointer(address: u64): boolean {
  return (address & 7) === 0 && probeRead(address).ok && probeRead(address + 8).ok;
}

/**
 * The function at `address`, and those that it was inlined into. Code without a source is the compiler's own, such as the
 * routine that a failed check calls: it is only worth a line where nothing else says where the kernel was.
 */
function printFrames(lines: LineTable, known: boolean, address: u64, innermost: boolean): void {
  const depth: usize = known ? lines.find(address) : 0;
  if (depth === 0 && (innermost || !known)) log.emergency(`  at ${hex(address, 16)}`);
  for (let level: usize = 0; level < depth; level++) {
    const found = lines.frame(level);
    if (!found.ok) {
      log.emergency(`  at ${hex(address, 16)} (line table: ${found.error})`);
      return;
    }
    const source = found.value;
    if (source.file.length > 0)
      log.emergency(`  at ${text(source.name)} (${text(source.file)}:${source.line})`);
    else if (innermost) log.emergency(`  at ${text(source.name)} (${hex(address, 16)})`);
  }
}
