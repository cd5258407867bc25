/** Many tasks that ask xenstored at once: each gets its own answers. */
import { XenstoreFault } from "../drivers/xenbus/xenstore/fault.ts";
import { xenstore } from "../drivers/xenbus/xenstore/store.ts";
import * as log from "../lib/log.ts";
import { connection } from "../drivers/xenbus/xenstore/client.ts";
import { detach, spawn } from "../sched/scheduler.ts";
import { Semaphore } from "../sched/semaphore.ts";
import { Priority, Wake, type TaskBody } from "../sched/task.ts";
import { never } from "../sched/timer-heap.ts";

const crowdSize = 40;
const done = new Semaphore(0);

@struct
class Member implements TaskBody {
  /** How often each asks. */
  rounds: u64 = 10;
  begun: u64 = 0;
  mostInFlight: u64 = 0;

  /** Short questions, long values and errors, in turn. @blocks */
  run(): void {
    const number = this.begun;
    this.begun++;
    const room = new FixedArray<u8, 700>();
    const value = new FixedArray<u8, 600>();
    value.fill(0x41 + ((number % 26) as u8));
    for (let round: u64 = 0; round < this.rounds; round++) {
      const length: usize = (number * 7919 + round * 104729) % 600;
      const written = xenstore.write(`data/t/m/${number}`, `${text(value.slice(0, length))}`);
      assert(written.ok, "each writes its node");
      this.mostInFlight = max<u64>(this.mostInFlight, connection.requests.count);
      const missing = xenstore.read(`data/t/m/${number}/none`, room);
      assert(!missing.ok && missing.error === XenstoreFault.ENOENT, "each gets its own error");
      const read = xenstore.read(`data/t/m/${number}`, room);
      assert(read.ok && read.value.equals(value.slice(0, length)), "each reads its own value");
    }
    done.give();
  }
}

export const member = new Member();

/** @blocks */
export function exerciseCrowd(): void {
  for (let number: u32 = 0; number < crowdSize; number++) {
    const task = spawn("crowd", Priority.Normal, member);
    assert(task.ok, "there is memory for a task");
    detach(task.value);
  }
  for (let number: u32 = 0; number < crowdSize; number++)
    assert(done.take(never) === Wake.Signal, "each ends");
  log.info(`xenstore: ${crowdSize as u32} tasks, up to ${member.mostInFlight} questions at once`);
}
