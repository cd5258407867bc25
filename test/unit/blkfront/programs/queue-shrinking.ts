//> 53 back ends, each with less than the one before: more than 128 chunks, and there is room for them
//> the last one got all of them, and the request failed with it
// Back ends that answer nothing, and of which each takes a page less at once: what was under way falls into ever more chunks.
import { print } from "xenlet:host";
import { BlockFault, BlockOperation } from "../../../../kernel/dev/block.ts";
import { Chunk, chunkLimit, diskDepth } from "../../../../kernel/drivers/xenbus/blkfront/chunk.ts";
import { DataPage, dataPageLimit } from "../../../../kernel/drivers/xenbus/blkfront/data-pages.ts";
import { DiskQueue } from "../../../../kernel/drivers/xenbus/blkfront/disk-queue.ts";
import { DiskRequest } from "../../../../kernel/drivers/xenbus/blkfront/disk-request.ts";
import { BlkifOp } from "../../../../kernel/xen-abi/blkif.ts";
import { OnePage } from "../../../fakes/one-page.ts";

@struct({ align: 4096 })
class RingPages {
  readonly bytes = new FixedArray<u8, 8192>();
}

const queue = new DiskQueue();
const source = new OnePage();
const ringPages = new RingPages();
const requests = new FixedArray<DiskRequest, 64>();
const chunks = new FixedArray<Chunk, 324>();
const pages = new FixedArray<DataPage, 260>();
const buffer = new FixedArray<u8, 524288>();

export function main(): i32 {
  assert(requests.length === diskDepth && pages.length === dataPageLimit, "as large as a disk's tables");
  queue.requests.start(requests);
  queue.chunks.start(chunks.slice(0, chunkLimit));
  const ticket = queue.requests.add(BlockOperation.Write, 0, buffer); // two chunks as long as can be
  for (let i: u64 = 1; i < 63; i++) queue.requests.add(BlockOperation.Write, i * 8192, buffer.slice(0, 4096));
  for (let segments: u32 = 64; segments > 11; segments--) {
    connect(segments);
    queue.close();
  }
  const inChunks = queue.chunks.again;
  if (inChunks > 128)
    print(
      "53 back ends, each with less than the one before: more than 128 chunks, and there is room for them",
    );
  else print(`${inChunks} chunks`);
  connect(11);
  queue.failAll();
  const outcome = queue.requests.take(queue.requests.find(ticket));
  if (!outcome.ok && outcome.error === BlockFault.Gone)
    print("the last one got all of them, and the request failed with it");
  return 0;
}

/** A back end that takes what the ring has room for. */
function connect(maxSegments: u32): void {
  ringPages.bytes.fill(0);
  queue.pages.start(pages, source);
  queue.ring.startFront(ringPages.bytes);
  queue.open({ handle: 0, maxSegments, flush: BlkifOp.FlushDiskcache });
  queue.issue();
}
