/** A list of texts as xenstored sends it: each with a zero after it. */
import { indexOf } from "../../../lib/bytes.ts";

/** Walks over the children of a directory: `while (names.next()) use(names.name)`. */
@struct
export class Names {
  rest: Slice<u8>;
  /** The present one, after `next` said true. */
  name: Slice<u8>;

  constructor(list: Slice<u8>) {
    this.rest = list;
    this.name = list.slice(0, 0);
  }

  /** Steps to the next one; false when there is none. */
  next(): boolean {
    if (this.rest.length === 0) return false;
    const end = indexOf(this.rest, 0);
    this.name = this.rest.slice(0, end);
    this.rest = this.rest.slice(min<usize>(end + 1, this.rest.length));
    return true;
  }
}
