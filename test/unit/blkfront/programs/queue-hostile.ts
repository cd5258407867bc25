//> 20000 rounds: refused an index, an id and an operation; every request ended
// A back end that answers whatever it likes: ids of nothing, twice, other operations, any status, any index.
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";
import { BlockFault, BlockOperation } from "../../../../kernel/dev/block.ts";
import { Chunk, ChunkState } from "../../../../kernel/drivers/xenbus/blkfront/chunk.ts";
import { DataPage } from "../../../../kernel/drivers/xenbus/blkfront/data-pages.ts";
import { DiskQueue } from "../../../../kernel/drivers/xenbus/blkfront/disk-queue.ts";
import { DiskRequest, RequestState } from "../../../../kernel/drivers/xenbus/blkfront/disk-request.ts";
import { BlkifOp, BlkifResponse } from "../../../../kernel/xen-abi/blkif.ts";
import { RingHead } from "../../../../kernel/xen-abi/ring.ts";
import { FakeGrants } from "../../../fakes/fake-disk.ts";

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

const queue = new DiskQueue();
const grants = new FakeGrants();
const ringPage = new Page();
const requests = new FixedArray<DiskRequest, 16>();
const chunks = new FixedArray<Chunk, 64>();
const pages = new FixedArray<DataPage, 64>();
const buffer = new FixedArray<u8, 65536>();
/** How often each kind of lie was found out. */
const found = new FixedArray<u32, 3>();
let answers: u32 = 0;
let random: u64 = 4711;

export function main(): i32 {
  queue.requests.start(requests);
  queue.chunks.start(chunks);
  connect();
  for (let round: u32 = 0; round < 20000; round++) {
    if (!queue.requests.isFull()) ask();
    queue.issue();
    lie();
    const collected = queue.collect();
    if (!collected.ok) {
      found[collected.error.kind === "index" ? 0 : collected.error.kind === "id" ? 1 : 2]++;
      queue.close();
      if (below(2) === 0) queue.failAll();
      connect();
    }
    takeDone();
  }
  queue.close();
  queue.failAll();
  takeDone();
  const all = found[0] > 100 && found[1] > 100 && found[2] > 100 && queue.requests.used === 0;
  if (all) print("20000 rounds: refused an index, an id and an operation; every request ended");
  else print(`found ${found[0]} ${found[1]} ${found[2]}, ${queue.requests.used} requests left`);
  return 0;
}

function connect(): void {
  grants.allowance = 64;
  queue.pages.start(pages, grants);
  queue.ring.startFront(ringPage.bytes);
  answers = 0;
  queue.open({ handle: 0, maxSegments: 16, flush: BlkifOp.FlushDiskcache });
}

function ask(): void {
  const operation = below(3);
  if (operation === 2) queue.requests.add(BlockOperation.Flush, 0, buffer.slice(0, 0));
  else if (operation === 1)
    queue.requests.add(BlockOperation.Write, below(1000), buffer.slice(0, 512 * (1 + below(128))));
  else queue.requests.add(BlockOperation.Read, below(1000), buffer.slice(0, 512 * (1 + below(128))));
}

/** Puts an answer into the ring, mostly one that could be right, and shows it, mostly by the right index. */
function lie(): void {
  const response = new BlkifResponse();
  const place = below(10) === 0 ? below(70000) : sentPlace();
  const generation: u64 = place < 64 ? chunks[place].generation : below(9);
  response.id = ((below(10) === 0 ? below(0xffffffffffff) : generation) << 16) | place;
  const operation = place < 64 ? (chunks[place].operation as u32) : 0;
  response.operation = below(10) === 0 ? (below(256) as u8) : ((operation === 2 ? 3 : operation) as u8);
  response.status = below(4) === 0 ? (below(0x10000) as i16) : 0;
  sharedAt<BlkifResponse>(addressOf(ringPage) + 64 + (answers & 31) * 112).copyFrom(response);
  answers++;
  const shown: u32 = below(20) === 0 ? (below(0x100000000) as u32) : answers;
  sharedAt<RingHead>(addressOf(ringPage)).rspProd.store(shown, "release");
}

/** A place whose chunk waits for an answer, if there is one. */
function sentPlace(): u64 {
  const first = below(64);
  for (let i: u64 = 0; i < 64; i++) {
    if (chunks[(first + i) & 63].state === ChunkState.Sent) return (first + i) & 63;
  }
  return first;
}

function takeDone(): void {
  for (const request of requests) {
    if (request.state !== RequestState.Done) continue;
    const outcome = queue.requests.take(request);
    assert(
      outcome.ok || outcome.error === BlockFault.Failed || outcome.error === BlockFault.Gone,
      "a reason",
    );
  }
}

function below(limit: u64): u64 {
  random ^= random >> 12;
  random ^= random << 25;
  random ^= random >> 27;
  return multiplyHigh(random * 0x2545f4914f6cdd1d, limit);
}
