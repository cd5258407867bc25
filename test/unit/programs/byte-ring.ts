//> empty 0, full 16, wrapped 3
//> refused: 17 waiting, a consumer ahead
//> pieces: 16 1 4 3
//> 100000 steps, every byte in order
import { print } from "xenlet:host";
import { bytesWaiting, placeInRing, unbrokenBytes } from "../../../kernel/drivers/xenbus/byte-ring.ts";

const size = 16;
const ring = new FixedArray<u8, 16>();

function waiting(produced: u32, consumed: u32): u32 {
  const answer = bytesWaiting(produced, consumed, size);
  return answer.ok ? answer.value : 999;
}

/** A producer and a consumer of random sizes, near the place where the indices wrap. */
function race(steps: u32): boolean {
  let produced: u32 = 0xffffff00;
  let consumed: u32 = produced;
  let nextIn: u8 = 0;
  let nextOut: u8 = 0;
  let random: u32 = 12345;
  for (let step: u32 = 0; step < steps; step++) {
    random = random * 1664525 + 1013904223;
    const wanted: u32 = (random >> 8) % 20;
    if ((random & 0x80) === 0) {
      let left: u32 = min<u32>(wanted, size - waiting(produced, consumed));
      while (left > 0) {
        const piece = unbrokenBytes(produced, left, size);
        const place = placeInRing(produced, size);
        for (let i: u32 = 0; i < piece; i++) {
          ring[place + i] = nextIn;
          nextIn++;
        }
        produced += piece;
        left -= piece;
      }
    } else {
      let left: u32 = min<u32>(wanted, waiting(produced, consumed));
      while (left > 0) {
        const piece = unbrokenBytes(consumed, left, size);
        const place = placeInRing(consumed, size);
        for (let i: u32 = 0; i < piece; i++) {
          if (ring[place + i] !== nextOut) return false;
          nextOut++;
        }
        consumed += piece;
        left -= piece;
      }
    }
  }
  return true;
}

export function main(): i32 {
  print(`empty ${waiting(5, 5)}, full ${waiting(21, 5)}, wrapped ${waiting(1, 0xfffffffe)}`);
  const many = waiting(22, 5) === 999;
  const ahead = waiting(5, 6) === 999;
  print(`refused: ${many ? "17 waiting" : ""}, ${ahead ? "a consumer ahead" : ""}`);
  const whole = unbrokenBytes(32, 16, size);
  const last = unbrokenBytes(15, 16, size);
  const wrapping = unbrokenBytes(0xfffffffc, 9, size);
  print(`pieces: ${whole} ${last} ${wrapping} ${unbrokenBytes(3, 3, size)}`);
  const steps = 100000;
  print(`${steps as u32} steps, ${race(steps) ? "every byte in order" : "bytes got mixed up"}`);
  return 0;
}
