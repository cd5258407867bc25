/** A back end of a network device that writes whatever the input says into both rings. */
import {
  accountedBuffers,
  answer,
  close,
  collect,
  discard,
  forgive,
  freeBuffers,
  hold,
  open,
  produceReceived,
  produceSent,
  publish,
  refuse,
  respond,
  send,
  totalBuffers,
} from "../../unit/netfront/programs/doors/rings.ts";

/** What the first byte of a step means; its arguments follow. */
const enum Step {
  Send,
  Answer,
  Respond,
  /** A response as an honest back end would put it. */
  RespondWell,
  ProduceSent,
  ProduceReceived,
  /** An index anywhere. */
  LieSent,
  LieReceived,
  Collect,
  Restart,
  Hold,
  Refuse,
  Count,
}

/** Enough for every step's arguments. */
const stepBytes = 8;

export function LLVMFuzzerTestOneInput(input: Slice<u8>): i32 {
  open(true, 24, true);
  let sent: u32 = 0;
  let answered: u32 = 0;
  let received: u32 = 0;
  let responded: u32 = 0;
  for (let at: usize = 0; at + stepBytes <= input.length; at += stepBytes) {
    const step = input.slice(at, at + stepBytes);
    const kind: u32 = step[0] % Step.Count;
    if (kind === Step.Send) {
      if (!send(step[1], (step[2] % 24) as u32, step.readU16le(3) % 4097, (step[5] & 1) !== 0)) discard();
    } else if (kind === Step.Answer) {
      answer(answered, step.readU16le(1), step.readU16le(3));
      answered++;
    } else if (kind === Step.Respond) {
      respond(responded, step.readU16le(1), step.readU16le(3), step[5], step.readU16le(6));
      responded++;
    } else if (kind === Step.RespondWell) {
      respond(responded, responded & 255, 0, step[1] & 15, step.readU16le(2) & 0xfff);
      responded++;
    } else if (kind === Step.ProduceSent) {
      sent += step[1] % 8;
      produceSent(sent);
    } else if (kind === Step.ProduceReceived) {
      received += step[1] % 8;
      produceReceived(received);
    } else if (kind === Step.LieSent) produceSent(step.readU32le(1));
    else if (kind === Step.LieReceived) produceReceived(step.readU32le(1));
    else if (kind === Step.Hold) hold(step[1] % 8 === 0);
    else if (kind === Step.Refuse) refuse((step[1] & 1) !== 0);
    else if (kind === Step.Collect) {
      if (collect()) publish();
    } else {
      restart((step[1] & 1) !== 0, (step[1] & 2) !== 0);
      sent = 0;
      answered = 0;
      received = 0;
      responded = 0;
    }
    assert(accountedBuffers() === totalBuffers(), "no buffer is lost");
  }
  close();
  discard();
  forgive();
  assert(freeBuffers() === totalBuffers(), "every buffer has come back");
  return 0;
}

/** Another back end, which can do less or more. */
function restart(canScatter: boolean, hasOffload: boolean): void {
  close();
  open(canScatter, 24, hasOffload);
}
