//> 8 of 11 taken: [abcdefgh], 8 kept
//> after 5 went: [fgh], room 5
//> around the end: [fgh], then [xyz]
//> every byte came once and in order
import { print } from "xenlet:host";
import { ByteQueue } from "../../../kernel/lib/byte-queue.ts";

/** Random pieces in and out: the bytes are numbered. */
function race(steps: u32): boolean {
  const queue = new ByteQueue<64>();
  const bytes = new FixedArray<u8, 128>();
  let random: u32 = 99;
  let sent: u8 = 0;
  let received: u8 = 0;
  for (let step: u32 = 0; step < steps; step++) {
    random = random * 1664525 + 1013904223;
    const size: usize = (random >> 9) & 127;
    for (let at: usize = 0; at < size; at++) bytes[at] = (sent + at) as u8;
    sent += queue.push(bytes.slice(0, size)) as u8;
    const front = queue.front();
    const count: usize = min<usize>(front.length, (random >> 17) & 63);
    for (const byte of front.slice(0, count)) {
      if (byte !== received) return false;
      received++;
    }
    queue.drop(count);
  }
  return true;
}

export function main(): i32 {
  const queue = new ByteQueue<8>();
  const taken = queue.push("abcdefghijk".bytes());
  print(`${taken} of 11 taken: [${text(queue.front())}], ${queue.length} kept`);
  queue.drop(5);
  print(`after 5 went: [${text(queue.front())}], room ${queue.room()}`);
  queue.push("xyz".bytes());
  const first = queue.front();
  print(`around the end: [${text(first)}], then [${text(queue.bytes.slice(0, 3))}]`);
  if (race(100000)) print("every byte came once and in order");
  return 0;
}
