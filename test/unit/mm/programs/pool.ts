//> 3 taken, then none
//> given back twice: refused
//> taken again: true
/** Pools: fixed, checked, cleared. */
import { print } from "xenlet:host";
import { Heap } from "../../../../kernel/mm/heap.ts";
import { Owner } from "../../../../kernel/mm/owner.ts";
import { Pool } from "../../../../kernel/mm/pool.ts";
import { hostAllocator, hostFrames, startHostMemory } from "../../../fakes/host-memory.ts";

@struct
class Request {
  id: u64 = 0;
  length: u32 = 0;
}

const heap = new Heap(hostAllocator, hostFrames);
const pool = new Pool<Request>();

export function main(): i32 {
  startHostMemory(512);
  const filled = pool.fill(heap, 3, Owner.Tests);
  assert(filled.ok, "there is memory");
  const first = pool.take();
  const second = pool.take();
  const third = pool.take();
  assert(first !== null && second !== null && third !== null, "three fit");
  first.id = 7;
  print(`${pool.used} taken, then ${pool.take() === null ? "none" : "more"}`);
  const once = pool.give(first);
  const twice = pool.give(first);
  assert(once.ok, "it was taken");
  print(`given back twice: ${twice.ok ? "taken" : "refused"}`);
  const again = pool.take();
  assert(again !== null && again.id === 0, "it is clear");
  print(`taken again: ${again === first}`);
  return 0;
}
