/** Text of strangers, for a terminal: what is not printable ASCII is shown as `\xNN`. */
import { isPrintable } from "./bytes.ts";
import { formatHex, type ByteSink } from "./format.ts";

export function writeVisibly(sink: ByteSink, bytes: Slice<u8>): void {
  for (const [index, byte] of bytes.entries()) {
    if (isPrintable(byte) && byte < 0x80) {
      sink.write(bytes.slice(index, index + 1));
      continue;
    }
    sink.write("\\x".bytes());
    formatHex(sink, byte, 2);
  }
}
