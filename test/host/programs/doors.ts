// What library.test.ts calls: each kind of parameter and result once.
import { addressOf } from "xenlet:unsafe";

@struct
class State {
  count: u32 = 0;
}
const state = new State();

export function twice(n: u64): u64 {
  return n * 2;
}
export function negate(n: i8): i8 {
  return -n;
}
export function sum(bytes: Slice<u8>): u32 {
  let total: u32 = 0;
  for (const byte of bytes) total += byte;
  return total;
}
export function invert(bytes: Slice<u8>, really: boolean): void {
  if (!really) return;
  for (const [i, byte] of bytes.entries()) bytes[i] = ~byte;
}
export function isEven(n: u16): boolean {
  return (n & 1) === 0;
}
export function addressOfState(): u64 {
  return addressOf(state);
}
export function bump(counted: State): u32 {
  counted.count++;
  return counted.count;
}
