/** Nodes that should hold a number. What stands there instead is shown to people, whatever bytes those are. */
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { writeVisibly } from "../../../lib/visible.ts";
import { parseDecimal } from "../xenstore/answers.ts";
import { describeXenstoreFault, XenstoreFault } from "../xenstore/fault.ts";
import { xenstore } from "../xenstore/store.ts";

/** Reads one node after the other. */
@struct
export class NumberNode {
  /** Why the last one gave no number: what was expected, and what there was. */
  readonly complaint = new TextBuffer<256>();

  /** The number, from `least` to `most`; `NotANumber` where anything else stands there. @blocks */
  read(path: Template, least: u64, most: u64): Result<u64, XenstoreFault> {
    const room = new FixedArray<u8, 32>(); // more digits than 64 bits have
    const found = xenstore.read(path, room);
    if (found.ok) return this.judge(found.value, least, most);
    if (found.error !== XenstoreFault.AnswerTooLong) {
      this.complaint.set(describeXenstoreFault(found.error));
      return err(found.error);
    }
    this.complaint.set(`expected ${least} to ${most}, got more than ${room.length} bytes`);
    return err(XenstoreFault.NotANumber);
  }

  judge(found: Slice<u8>, least: u64, most: u64): Result<u64, XenstoreFault> {
    const number = parseDecimal(found);
    if (number.ok && number.value >= least && number.value <= most) return number;
    this.complaint.set(`expected ${least} to ${most}, got "`);
    writeVisibly(this.complaint, found);
    this.complaint.write('"'.bytes());
    return err(XenstoreFault.NotANumber);
  }
}
