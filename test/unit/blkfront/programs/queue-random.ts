//> 100000 steps: every read gave what was written last
//> requests of eight pages were joined to larger ones
//> back ends were lost with requests in flight, and all was sent again
//> without memory for more than one page it goes on
// Tasks that read and write next to each other, against a back end that answers in any order and is lost now and then.
import { print } from "xenlet:host";
import { BlockOperation, noTicket, type BlockTicket } from "../../../../kernel/dev/block.ts";
import { Chunk } from "../../../../kernel/drivers/xenbus/blkfront/chunk.ts";
import { DataPage } from "../../../../kernel/drivers/xenbus/blkfront/data-pages.ts";
import { DiskQueue } from "../../../../kernel/drivers/xenbus/blkfront/disk-queue.ts";
import { DiskRequest, RequestState } from "../../../../kernel/drivers/xenbus/blkfront/disk-request.ts";
import { BlkifOp } from "../../../../kernel/xen-abi/blkif.ts";
import { FakeDisk, FakeGrants } from "../../../fakes/fake-disk.ts";

@struct({ align: 4096 })
class Page {
  readonly bytes = new FixedArray<u8, 4096>();
}

/** One that reads and writes its own stretch of the disk, 64 sectors from 64 times its number on. */
@struct
class User {
  isWaiting: boolean = false;
  ticket: BlockTicket = noTicket;
  operation: BlockOperation = BlockOperation.Read;
  /** In its stretch, in bytes. */
  at: u64 = 0;
  length: u64 = 0;
  readonly buffer = new FixedArray<u8, 32768>();
  /** What the disk must hold. */
  readonly expected = new FixedArray<u8, 32768>();
}

const users = new FixedArray<User, 8>();
const queue = new DiskQueue();
const disk = new FakeDisk();
const grants = new FakeGrants();
const ringPage = new Page();
const requests = new FixedArray<DiskRequest, 16>();
const chunks = new FixedArray<Chunk, 64>();
const pages = new FixedArray<DataPage, 64>();
let random: u64 = 12345;
let restarts: u64 = 0;
let sentAgain: u64 = 0;
let asked: u64 = 0;
let fill: u8 = 0;

export function main(): i32 {
  queue.requests.start(requests);
  queue.chunks.start(chunks);
  connect();
  for (let step: u32 = 0; step < 100000; step++) {
    if (step === 60000) grants.allowance = 0;
    const user = users[below(8)];
    const choice = below(100);
    if (choice < 40) ask(user);
    else if (choice < 60) queue.issue();
    else if (choice < 70) disk.take();
    else if (choice < 90) answerOne();
    else if (choice < 99) collect();
    else if (below(10) === 0) restart();
  }
  print("100000 steps: every read gave what was written last");
  if (disk.largest > 8) print("requests of eight pages were joined to larger ones");
  if (restarts > 10 && sentAgain > 10)
    print("back ends were lost with requests in flight, and all was sent again");
  starve();
  return 0;
}

function connect(): void {
  ringPage.bytes.fill(0);
  queue.pages.start(pages, grants);
  grants.allowance = 64;
  queue.ring.startFront(ringPage.bytes);
  disk.start(ringPage.bytes);
  disk.maxSegments = below(2) === 0 ? 11 : 12 + (below(20) as u32);
  queue.open({ handle: 0, maxSegments: disk.maxSegments, flush: BlkifOp.FlushDiskcache });
}

function restart(): void {
  sentAgain += queue.chunks.sent;
  queue.close();
  for (const page of pages) page.memory = null;
  restarts++;
  connect();
}

/** A request, where the user waits for none; else looks whether that is done. */
function ask(user: User): void {
  const number = numberOf(user);
  if (user.isWaiting) return check(user);
  user.isWaiting = true;
  const kind = below(10);
  user.operation = kind === 0 ? BlockOperation.Flush : kind < 5 ? BlockOperation.Write : BlockOperation.Read;
  if (user.operation === BlockOperation.Flush) {
    user.ticket = queue.requests.add(user.operation, 0, user.buffer.slice(0, 0));
    return;
  }
  // Often all of the stretch, so that neighbours follow each other.
  user.at = below(2) === 0 ? 0 : below(64) * 512;
  user.length = below(2) === 0 ? 32768 - user.at : (1 + below((32768 - user.at) / 512)) * 512;
  const part = user.buffer.slice(0, user.length);
  fill++;
  for (const [i, byte] of part.entries())
    part[i] = user.operation === BlockOperation.Write ? fill + (i as u8) : 0xee;
  if (user.operation === BlockOperation.Write)
    user.expected.slice(user.at, user.at + user.length).copyFrom(part);
  user.ticket = queue.requests.add(user.operation, number * 64 + user.at / 512, part);
  asked++;
}

function check(user: User): void {
  const request = queue.requests.find(user.ticket);
  if (request.state !== RequestState.Done) return;
  const done = queue.requests.take(request);
  assert(done.ok, "an honest back end does everything");
  user.isWaiting = false;
  if (user.operation !== BlockOperation.Read) return;
  const got = user.buffer.slice(0, user.length);
  assert(got.equals(user.expected.slice(user.at, user.at + user.length)), "what was written last is read");
}

function numberOf(user: User): u64 {
  for (const [number, one] of users.entries()) {
    if (one === user) return number;
  }
  return 0;
}

function answerOne(): void {
  if (disk.holds > 0) disk.answer(below(disk.holds), grants);
}

function collect(): void {
  const collected = queue.collect();
  assert(collected.ok, "an honest back end is believed");
}

/** Everything is answered; then one page has to do for a request of 32 KiB. */
function starve(): void {
  for (let round: u32 = 0; round < 3000; round++) {
    queue.issue();
    disk.take();
    answerOne();
    collect();
    for (const user of users) {
      if (user.isWaiting) check(user);
    }
  }
  for (const user of users) assert(!user.isWaiting, "all is done");
  queue.close();
  connect();
  grants.allowance = 1;
  const before = queue.sent;
  const user = users[0];
  user.operation = BlockOperation.Read;
  user.at = 0;
  user.length = 32768;
  user.isWaiting = true;
  user.ticket = queue.requests.add(BlockOperation.Read, 0, user.buffer);
  for (let round: u32 = 0; round < 8; round++) {
    queue.issue();
    disk.take();
    answerOne();
    collect();
  }
  check(user);
  if (!user.isWaiting && queue.sent - before === 8) print("without memory for more than one page it goes on");
}

function below(limit: u64): u64 {
  random ^= random >> 12;
  random ^= random << 25;
  random ^= random >> 27;
  return multiplyHigh(random * 0x2545f4914f6cdd1d, limit);
}
