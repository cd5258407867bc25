//> 1 MiB is under way at once, in 4 requests
// A request of 1 MiB takes four, each with a page of segments: there are pages for all of them, so that the back end is told once.
import { print } from "xenlet:host";
import { BlockOperation } from "../../../../kernel/dev/block.ts";
import { Chunk } from "../../../../kernel/drivers/xenbus/blkfront/chunk.ts";
import { DataPage, dataPageLimit } from "../../../../kernel/drivers/xenbus/blkfront/data-pages.ts";
import { DiskQueue } from "../../../../kernel/drivers/xenbus/blkfront/disk-queue.ts";
import { DiskRequest } from "../../../../kernel/drivers/xenbus/blkfront/disk-request.ts";
import { BlkifOp } from "../../../../kernel/xen-abi/blkif.ts";
import { OnePage } from "../../../fakes/one-page.ts";

@struct({ align: 4096 })
class RingPage {
  readonly bytes = new FixedArray<u8, 4096>();
}

const queue = new DiskQueue();
const source = new OnePage();
const ringPage = new RingPage();
const requests = new FixedArray<DiskRequest, 1>();
const chunks = new FixedArray<Chunk, 8>();
const pages = new FixedArray<DataPage, 260>();
const buffer = new FixedArray<u8, 1048576>();

export function main(): i32 {
  assert(pages.length === dataPageLimit, "as many as a disk has");
  queue.requests.start(requests);
  queue.chunks.start(chunks);
  queue.pages.start(pages, source);
  queue.ring.startFront(ringPage.bytes);
  queue.open({ handle: 0, maxSegments: 64, flush: BlkifOp.FlushDiskcache });
  queue.requests.add(BlockOperation.Read, 0, buffer);
  queue.issue();
  if (queue.sentBytes === buffer.length) print(`1 MiB is under way at once, in ${queue.sent} requests`);
  else print(`${queue.sentBytes} bytes are under way`);
  return 0;
}
