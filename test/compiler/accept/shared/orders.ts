//> 0 5 5 7 6 4 6 2
//> true false 9
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct
class Ring {
  producer: u32 = 0;
  flags: u64 = 9;
}
const memory = new Ring();

export function main(): i32 {
  const ring = sharedAt<Ring>(addressOf(memory));
  const p = ring.producer;
  const first = p.load("relaxed");
  p.store(5, "release");
  const second = p.load("acquire");
  const third = p.fetchAdd(2, "acqrel");
  const fourth = p.fetchAnd(6, "seqcst");
  const fifth = p.exchange(4, "acquire");
  const sixth = p.fetchOr(2, "release");
  const seventh = p.fetchXor(4, "relaxed");
  print(`${first} ${second} ${third} ${fourth} ${fifth} ${sixth} ${seventh} ${memory.producer}`);
  const won = p.compareExchange(2, 9, "acqrel");
  const lost = p.compareExchange(2, 10, "seqcst");
  print(`${won} ${lost} ${p.load("seqcst")}`);
  return 0;
}
