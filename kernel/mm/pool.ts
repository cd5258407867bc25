/**
 * A fixed number of structs of one kind, made once: taking one never fails for want of memory, only when all are taken, and
 * costs a few instructions. For what must not depend on the heap's mood: requests in flight, timers, tasks.
 */
import { addressOf, sliceAt, structAt } from "xenlet:unsafe";
import { MemoryFault } from "../lib/memory-fault.ts";
import type { Heap } from "./heap.ts";
import type { Owner } from "./owner.ts";

/** Ends the list of free places; every other value is a place plus 1. */
const end = 0;
/** A place that is taken. */
const taken = 0xffffffff;

@struct
export class Pool<T extends object> {
  /** Where the structs lie; 0 until `fill`. */
  base: u64 = 0;
  capacity: u64 = 0;
  used: u64 = 0;
  /** The most that were taken at once. */
  peak: u64 = 0;
  firstFree: u32 = 0;
  /** For each place, the free one after it, or `taken`. */
  links: u64 = 0;

  /** Makes room for `capacity` structs out of the heap. @allocates */
  fill(heap: Heap, capacity: u32, owner: Owner): Result<undefined, MemoryFault> {
    const structs = heap.allocate(capacity * sizeOf<T>(), owner);
    if (!structs.ok) return err(structs.error);
    const links = heap.allocate(capacity * 4, owner);
    if (!links.ok) {
      const returned = heap.release(structs.value);
      assert(returned.ok, "it was allocated just now");
      return err(links.error);
    }
    this.base = addressOf(structs.value);
    this.links = addressOf(links.value);
    this.capacity = capacity;
    const list = this.list();
    for (let place: u32 = 0; place < capacity; place++) list[place] = place + 1 < capacity ? place + 2 : end;
    this.firstFree = capacity > 0 ? 1 : end;
    return ok();
  }

  /** One struct, all zero, or none when all are taken. */
  take(): T | null {
    if (this.firstFree === end) return null;
    const place: u32 = this.firstFree - 1;
    const list = this.list();
    this.firstFree = list[place];
    list[place] = taken;
    this.used++;
    this.peak = max<u64>(this.peak, this.used);
    const address: u64 = this.base + place * sizeOf<T>();
    sliceAt<u8>(address, sizeOf<T>()).fill(0);
    return structAt<T>(address);
  }

  /** Takes a struct back; an error where it was not taken. */
  give(item: T): Result<undefined, MemoryFault> {
    const offset: u64 = addressOf(item) - this.base;
    if (offset % sizeOf<T>() !== 0 || offset / sizeOf<T>() >= this.capacity)
      return err(MemoryFault.NotAllocated);
    const place: u64 = offset / sizeOf<T>();
    const list = this.list();
    if (list[place] !== taken) return err(MemoryFault.NotAllocated);
    list[place] = this.firstFree;
    this.firstFree = (place as u32) + 1;
    this.used--;
    return ok();
  }

  list(): Slice<u32> {
    return sliceAt<u32>(this.links, this.capacity);
  }
}
