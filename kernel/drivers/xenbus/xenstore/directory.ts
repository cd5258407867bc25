/** Directories whose lists of names no single message holds (xenstore.txt, DIRECTORY_PART). */
import { MessageType } from "../../../xen-abi/xs-wire.ts";
import { takePart, type Part } from "./directory-part.ts";
import { ask } from "./exchange.ts";
import { XenstoreFault } from "./fault.ts";

/** How often a list is read from the start because the directory has changed meanwhile. */
const mostStarts = 16;

/** All names, put into `into`: their length. @blocks */
export function directoryInParts(
  path: Template,
  into: Slice<u8>,
  transaction: u32,
  deadline: u64,
): Result<usize, XenstoreFault> {
  for (let start: u32 = 0; start < mostStarts; start++) {
    const all = readParts(path, into, transaction, deadline);
    if (all.ok || all.error !== XenstoreFault.EAGAIN) return all;
  }
  return err(XenstoreFault.EAGAIN);
}

/** The same, with EAGAIN where the directory changes meanwhile. @blocks */
function readParts(
  path: Template,
  into: Slice<u8>,
  transaction: u32,
  deadline: u64,
): Result<usize, XenstoreFault> {
  let length: usize = 0;
  let generation: u64 = 0;
  for (;;) {
    const part = readPart(path, length, into.slice(length), transaction, deadline);
    if (!part.ok) return err(part.error);
    if (length > 0 && part.value.generation !== generation) return err(XenstoreFault.EAGAIN);
    generation = part.value.generation;
    length += part.value.length;
    if (part.value.isLast) return ok(length);
    if (part.value.length === 0) return err(XenstoreFault.BadAnswer);
  }
}

/** The names from the byte `from` of the whole list on, at the start of `into`. @blocks */
function readPart(
  path: Template,
  from: usize,
  into: Slice<u8>,
  transaction: u32,
  deadline: u64,
): Result<Part, XenstoreFault> {
  const length = ask(MessageType.DirectoryPart, path, `${from}\0`, into, transaction, deadline);
  return length.ok ? takePart(into.slice(0, length.value)) : err(length.error);
}
