//> 20000 steps: what went was unmapped, empty and in nobody's use; what came went to a place without a frame
//> stopped at the floor, the ceiling, where Xen refused, where it was wanted: true, true, true, true
//> at the end: 2048 pages, 0 places vacant
/** The balloon's choices at random, between owners of frames, memory that opens, an avaricious Xen, and places for pages of peers. */
import { print } from "xenlet:host";
import { Balloon, balloonReserve, BalloonStop, type BalloonMemory } from "../../../../kernel/mm/balloon.ts";
import { FrameRecord } from "../../../../kernel/mm/frame-record.ts";
import { FrameAllocator, type FrameSource } from "../../../../kernel/mm/frames.ts";
import { Owner } from "../../../../kernel/mm/owner.ts";
import { pfnNumber, toPfn, type Pfn } from "../../../../kernel/xen-abi/addresses.ts";

const all = 2048;
const chunk = 512;
const steps = 20000;

/** A place: whether there is a frame, whether the direct map has it, and whether something stands in it. */
@struct
class Place {
  isThere: boolean = true;
  isMapped: boolean = false;
  isDirty: boolean = false;
}

const places = new FixedArray<Place, 2048>();
let opened: u64 = 0;
/** Frames that Xen can still give, and those that it has given to others. */
let stock: u64 = 0;
let elsewhere: u64 = 0;
let state: u64 = 88172645463325252;

/** Opens a chunk, as the direct map does; those without any frame are passed over. */
@struct
class Chunks implements FrameSource {
  grow(): boolean {
    while (opened < all) {
      const first = opened;
      opened += chunk;
      let added: u64 = 0;
      for (let at: u64 = first; at < opened; at++) {
        if (!places[at].isThere) continue;
        places[at].isMapped = true;
        frames.add(at, at + 1);
        added++;
      }
      if (added > 0) return true;
    }
    return false;
  }
}

@struct
class SimulatedMemory implements BalloonMemory {
  places(): u64 {
    return all;
  }

  unopened(): u64 {
    return opened;
  }

  hasFrame(place: Pfn): boolean {
    return places[pfnNumber(place)].isThere;
  }

  isVacant(place: Pfn): boolean {
    return !this.hasFrame(place) && !frames.isExpected(place);
  }

  clear(frame: Pfn): void {
    const place = places[pfnNumber(frame)];
    assert(place.isMapped, "what is cleared is mapped");
    place.isDirty = false;
  }

  unmap(list: Slice<Pfn>): void {
    for (const place of list) places[pfnNumber(place)].isMapped = false;
  }

  give(list: Slice<Pfn>): void {
    assert(list.length > 0 && list.length <= 512, "a batch is one hypercall");
    for (const frame of list) {
      const place = places[pfnNumber(frame)];
      assert(place.isThere && !place.isMapped && !place.isDirty, "what goes is unmapped and empty");
      assert(!frames.isUsed(pfnNumber(frame)), "and in nobody's use");
      place.isThere = false;
      stock++;
    }
  }

  ask(list: Slice<Pfn>): usize {
    const most: u64 = random(4) === 0 ? random(list.length + 1) : list.length;
    let came: usize = 0;
    for (; came < most && stock > 0; came++) {
      const place = places[pfnNumber(list[came])];
      assert(!place.isThere && this.isVacant(list[came]), "what comes goes to a place without a frame");
      place.isThere = true;
      stock--;
    }
    return came;
  }

  map(list: Slice<Pfn>): usize {
    const most: u64 = random(8) === 0 ? random(list.length + 1) : list.length;
    for (const frame of list.slice(0, most)) {
      const place = places[pfnNumber(frame)];
      assert(place.isThere && !place.isMapped, "what is mapped is there, and was not mapped");
      place.isMapped = true;
    }
    return most;
  }
}

const records = new FixedArray<FrameRecord, 2048>();
const source = new Chunks();
const frames = new FrameAllocator(records, source);
const memory = new SimulatedMemory();
const balloon = new Balloon(memory, frames);
/** Frames that somebody has; 0: none. */
const own = new FixedArray<u32, 400>();
/** Places that are offered to a peer; 0: none. */
const offered = new FixedArray<u32, 8>();
/** What the toolstack wants for a while: far too little, or more than there can be. */
let extreme: u64 = 1;
const stops = new FixedArray<u64, 4>();

export function main(): i32 {
  start();
  for (let step: u64 = 0; step < steps; step++) {
    doStep();
    if (step % 16 === 0) check();
  }
  print(
    `${steps as u64} steps: what went was unmapped, empty and in nobody's use; what came went to a place without a frame`,
  );
  print(
    `stopped at the floor, the ceiling, where Xen refused, where it was wanted: ${stops[BalloonStop.Floor] > 9}, ${stops[BalloonStop.Ceiling] > 9}, ${stops[BalloonStop.Refused] > 9}, ${stops[BalloonStop.Reached] > 9}`,
  );
  for (let at: u64 = 0; at < offered.length; at++) endOffer(at, false);
  stock = all; // Xen gives everything
  for (let attempt: u64 = 0; balloon.pages < all && attempt < 1000; attempt++) follow(all);
  check();
  print(`at the end: ${balloon.pages} pages, ${balloon.findVacant(1).length} places vacant`);
  return 0;
}

/** The first chunk is open, and its beginning is not the allocator's. */
function start(): void {
  opened = chunk;
  for (let at: u64 = 0; at < chunk; at++) places[at].isMapped = true;
  frames.reserve(0, 40, Owner.Boot);
  frames.add(40, chunk);
  balloon.start();
}

function doStep(): void {
  switch (random(8)) {
    case 0:
      follow(random(all));
      break;
    case 4:
      follow(extreme);
      if (random(8) === 0) extreme = all + 1 - extreme; // to one end, then to the other
      break;
    case 1:
      follow(balloon.pages);
      break;
    case 2:
      moveStock();
      break;
    case 3:
      useOffer(random(offered.length));
      break;
    default:
      useFrame(random(own.length));
  }
}

/** Other domains take memory from Xen, and give it back. */
function moveStock(): void {
  if (stock > 0 && random(3) === 0) {
    stock--;
    elsewhere++;
  } else if (elsewhere > 0) {
    elsewhere--;
    stock++;
  }
}

/** One step; why there was no progress must be true. */
function follow(target: u64): void {
  const before = balloon.pages;
  const free = frames.free;
  const done = balloon.step(target);
  if (done.ok) {
    assert(frames.free >= min<u64>(free, balloonReserve), "the reserve stays");
    assert(
      target > before ? balloon.pages > before : balloon.pages < before,
      "progress is towards the target",
    );
    assert(target > before ? balloon.pages <= target : balloon.pages >= target, "and not beyond it");
    return;
  }
  stops[done.error]++;
  if (done.error === BalloonStop.Reached) assert(before === target, "as wanted");
  if (done.error === BalloonStop.Floor) assert(balloon.floor() === balloon.pages, "nothing more can go");
  if (done.error === BalloonStop.Ceiling) assert(balloon.findVacant(1).length === 0, "nothing more can come");
}

/** Takes a frame and writes to it, or gives it back. */
function useFrame(at: u64): void {
  if (own[at] !== 0) {
    assert(places[own[at]].isThere && places[own[at]].isMapped, "what somebody has stays");
    const released = frames.release(toPfn(own[at]));
    assert(released.ok, "what was given out can be given back");
    own[at] = 0;
    return;
  }
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) return;
  own[at] = pfnNumber(frame.value) as u32;
  places[own[at]].isDirty = true;
}

/** Offers the place of a frame to a peer, or ends that. */
function useOffer(at: u64): void {
  if (offered[at] !== 0) return endOffer(at, random(2) === 0);
  const frame = frames.allocate(Owner.Tests);
  if (!frame.ok) return;
  const batch: FixedArray<Pfn, 1> = [frame.value];
  balloon.giveOwn(batch);
  frames.expect(frame.value);
  offered[at] = pfnNumber(frame.value) as u32;
}

function endOffer(at: u64, hasCome: boolean): void {
  if (offered[at] === 0) return;
  const place = toPfn(offered[at]);
  assert(!memory.hasFrame(place), "nobody else fills a place that is offered");
  offered[at] = 0;
  if (!hasCome) {
    frames.forget(place);
    balloon.noteVacant(place);
    return;
  }
  const filled = places[pfnNumber(place)];
  filled.isThere = true;
  filled.isMapped = true;
  filled.isDirty = true;
  frames.receive(place, Owner.Tests);
  balloon.pages++;
  const released = frames.release(place);
  assert(released.ok, "what came can be given back");
}

/** What the balloon counts is what there is, and the allocator knows of exactly what is mapped. */
function check(): void {
  let there: u64 = 0;
  let mapped: u64 = 0;
  for (const [at, place] of places.entries()) {
    assert(!place.isMapped || place.isThere, "nothing is mapped that is not there");
    assert(at >= opened || place.isMapped === place.isThere, "what is there is mapped where memory is open");
    assert(at < opened || !place.isMapped, "nothing is mapped where it is not");
    if (place.isThere) there++;
    if (place.isMapped) mapped++;
  }
  assert(balloon.pages === there, "the balloon counts what is there");
  assert(frames.total === mapped, "the allocator knows what is mapped");
  assert(
    balloon.floor() <= balloon.pages && balloon.floor() >= frames.total - frames.free,
    "what is in use stays",
  );
}

function random(limit: u64): u64 {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % limit;
}
