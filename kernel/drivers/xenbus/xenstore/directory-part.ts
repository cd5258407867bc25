/** One part of a long list of names, as DIRECTORY_PART answers it. */
import { indexOf } from "../../../lib/bytes.ts";
import { parseDecimal } from "./answers.ts";
import { XenstoreFault } from "./fault.ts";

/** What a part says besides names. */
export type Part = {
  /** Changes whenever the directory does. */
  readonly generation: u64;
  /** Bytes of names. */
  readonly length: usize;
  readonly isLast: boolean;
};

/** Judges a part, `<generation>|<names>`, with one zero more after the last name of all; moves the names to its start. */
export function takePart(answer: Slice<u8>): Result<Part, XenstoreFault> {
  const end = indexOf(answer, 0);
  const generation = parseDecimal(answer.slice(0, end));
  if (!generation.ok || end === answer.length) return err(XenstoreFault.BadAnswer);
  const names = answer.slice(end + 1);
  const count = names.length;
  if (count > 0 && names[count - 1] !== 0) return err(XenstoreFault.BadAnswer);
  const isLast = count > 0 && (count === 1 || names[count - 2] === 0);
  const length: usize = isLast ? count - 1 : count;
  answer.copyFrom(names.slice(0, length));
  return ok({ generation: generation.value, length, isLast });
}
