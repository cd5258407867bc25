/** Hypercalls about Xen's own console. */
import { addressOf } from "xenlet:unsafe";
import { ConsoleIo } from "../../../xen-abi/xen.ts";
import { answer, HYPERVISOR_console_io, outcome, type Answer, type Outcome } from "./stubs.ts";

/** Writes to Xen's own console; refused where Xen does not want a guest's words there. */
export function writeXenConsole(bytes: Slice<u8>): Outcome {
  return outcome(HYPERVISOR_console_io(ConsoleIo.Write, bytes.length, addressOf(bytes)));
}

/** Takes what has arrived on Xen's own console: the number of bytes. First domain only. */
export function readXenConsole(into: Slice<u8>): Answer {
  return answer(HYPERVISOR_console_io(ConsoleIo.Read, into.length, addressOf(into)));
}
