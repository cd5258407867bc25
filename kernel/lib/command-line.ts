/** Words of a kernel command line: `key`, `key=value`, `key="a value"`, `"any text"`, between blanks. */
import { indexOf, isBlank } from "./bytes.ts";

const quote = 0x22;
const equals = 0x3d;

/** Walks over the words; `key` and `value` are valid after `next` said true. */
@struct
export class CommandLine {
  rest: Slice<u8>;
  /** What stands before the first `=`, or the whole word. */
  key: Slice<u8>;
  /** What stands after it, without quotes; empty where there is none. */
  value: Slice<u8>;
  /** Whether there was a `=`. */
  hasValue: boolean = false;

  constructor(line: Slice<u8>) {
    this.rest = line;
    this.key = line.slice(0, 0);
    this.value = line.slice(0, 0);
  }

  /** Steps to the next word; false when there is none. */
  next(): boolean {
    let start: usize = 0;
    while (start < this.rest.length && isBlank(this.rest[start])) start++;
    if (start === this.rest.length) return false;

    const word = this.rest.slice(start, start + wordLength(this.rest.slice(start)));
    this.rest = this.rest.slice(start + word.length);
    const split = indexOf(word, equals);
    this.hasValue = split < word.length;
    this.key = unquote(word.slice(0, split));
    this.value = this.hasValue ? unquote(word.slice(split + 1)) : word.slice(split);
    return true;
  }
}

/** Bytes up to a blank outside quotes. An open quote ends with the line. */
function wordLength(text: Slice<u8>): usize {
  let quoted = false;
  for (const [index, byte] of text.entries()) {
    if (byte === quote) quoted = !quoted;
    else if (!quoted && isBlank(byte)) return index;
  }
  return text.length;
}

/** Takes the quotes off the ends. */
function unquote(text: Slice<u8>): Slice<u8> {
  if (text.length === 0 || text[0] !== quote) return text;
  const inner = text.slice(1);
  return inner.length > 0 && inner[inner.length - 1] === quote ? inner.slice(0, inner.length - 1) : inner;
}
