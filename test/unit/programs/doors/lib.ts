/** The kernel's pure functions as test/host/library.ts can call them: what has no place in a register goes through a buffer. */
import { scaled } from "../../../../kernel/arch/x86-xen/system-time.ts";
import { bytesWaiting } from "../../../../kernel/drivers/xenbus/byte-ring.ts";
import { parseNumber } from "../../../../kernel/lib/bytes.ts";
import { CommandLine } from "../../../../kernel/lib/command-line.ts";
import { formatHex, formatSigned, formatUnsigned, type ByteSink } from "../../../../kernel/lib/format.ts";

@struct
class Buffer implements ByteSink {
  readonly target: Slice<u8>;
  length: usize = 0;
  constructor(target: Slice<u8>) {
    this.target = target;
  }
  write(bytes: Slice<u8>): void {
    this.target.slice(this.length).copyFrom(bytes);
    this.length += bytes.length;
  }
}

export function unsignedText(value: u64, target: Slice<u8>): usize {
  const buffer = new Buffer(target);
  formatUnsigned(buffer, value);
  return buffer.length;
}

export function signedText(value: i64, target: Slice<u8>): usize {
  const buffer = new Buffer(target);
  formatSigned(buffer, value);
  return buffer.length;
}

export function hexText(value: u64, least: u32, target: Slice<u8>): usize {
  const buffer = new Buffer(target);
  formatHex(buffer, value, least);
  return buffer.length;
}

/** The number goes to `target`, little-endian; false where the text is none. */
export function parse(digits: Slice<u8>, target: Slice<u8>): boolean {
  const parsed = parseNumber(digits);
  if (parsed.ok) target.writeU64le(0, parsed.value);
  return parsed.ok;
}

export function nanoseconds(ticks: u64, scale: u32, shift: i8): u64 {
  return scaled(ticks, scale, shift);
}

/** -1 where the indices contradict each other. */
export function waiting(produced: u32, consumed: u32, size: u32): i64 {
  const answer = bytesWaiting(produced, consumed, size);
  return answer.ok ? (answer.value as i64) : -1;
}

/** Each word as key, a byte 1 where it has a value, value, and a byte 2. */
export function words(line: Slice<u8>, target: Slice<u8>): usize {
  const buffer = new Buffer(target);
  const found = new CommandLine(line);
  while (found.next()) {
    buffer.write(found.key);
    if (found.hasValue) buffer.write("\x01".bytes());
    buffer.write(found.value);
    buffer.write("\x02".bytes());
  }
  return buffer.length;
}
