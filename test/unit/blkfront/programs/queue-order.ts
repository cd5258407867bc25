//> sent: 80 64 48 32 16, none before it was asked for
//> sent again: 64 32 16 96 112, in the order in which they were asked for
//> only what the back end did not do has failed
// What is in flight when a back end is lost goes to the next one in its old order, and each answer ends what it answers.
import { print } from "xenlet:host";
import { BlockOperation, type BlockTicket } from "../../../../kernel/dev/block.ts";
import { Chunk } from "../../../../kernel/drivers/xenbus/blkfront/chunk.ts";
import { DataPage } from "../../../../kernel/drivers/xenbus/blkfront/data-pages.ts";
import { DiskQueue } from "../../../../kernel/drivers/xenbus/blkfront/disk-queue.ts";
import { DiskRequest } from "../../../../kernel/drivers/xenbus/blkfront/disk-request.ts";
import { BlkifOp, BlkifRsp } from "../../../../kernel/xen-abi/blkif.ts";
import { FakeDisk, FakeGrants } from "../../../fakes/fake-disk.ts";

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

const queue = new DiskQueue();
const disk = new FakeDisk();
const grants = new FakeGrants();
const ringPage = new Page();
const requests = new FixedArray<DiskRequest, 16>();
const chunks = new FixedArray<Chunk, 80>();
const pages = new FixedArray<DataPage, 64>();
const buffer = new FixedArray<u8, 512>();

export function main(): i32 {
  queue.requests.start(requests);
  queue.chunks.start(chunks);
  connect();
  const tickets = new FixedArray<BlockTicket, 7>();
  for (let i: u64 = 0; i < 5; i++) tickets[i] = write(80 - i * 16);
  disk.take();
  const early = disk.holds;
  send();
  if (early === 0)
    print(
      `sent: ${sector(0)} ${sector(1)} ${sector(2)} ${sector(3)} ${sector(4)}, none before it was asked for`,
    );
  answer(2, BlkifRsp.Okay);
  answer(0, BlkifRsp.Error);
  tickets[5] = write(96); // in the places of those two
  tickets[6] = write(112);
  send();
  queue.close();
  connect();
  send();
  print(
    `sent again: ${sector(0)} ${sector(1)} ${sector(2)} ${sector(3)} ${sector(4)}, in the order in which they were asked for`,
  );
  while (disk.holds > 0) answer(disk.holds - 1, BlkifRsp.Okay);
  let isRight = true;
  for (const [i, ticket] of tickets.entries()) {
    if (queue.requests.take(queue.requests.find(ticket)).ok === (i === 0)) isRight = false;
  }
  if (isRight) print("only what the back end did not do has failed");
  return 0;
}

function connect(): void {
  ringPage.bytes.fill(0);
  queue.pages.start(pages, grants);
  grants.allowance = 64;
  queue.ring.startFront(ringPage.bytes);
  disk.start(ringPage.bytes);
  queue.open({ handle: 0, maxSegments: 11, flush: BlkifOp.FlushDiskcache });
}

function write(place: u64): BlockTicket {
  return queue.requests.add(BlockOperation.Write, place, buffer);
}

function send(): void {
  queue.issue();
  disk.take();
}

function answer(which: usize, status: BlkifRsp): void {
  disk.status = status;
  disk.answer(which, grants);
  const collected = queue.collect();
  assert(collected.ok, "an honest back end is believed");
}

/** The place of a request that the back end holds. */
function sector(which: usize): u64 {
  return disk.held[which].sectorNumber;
}
