/** Turns the pieces of a template into bytes, without memory of its own. */

/** Takes bytes as they come; the slice is only valid during the call. */
export interface ByteSink {
  /** @interrupt */
  write(bytes: Slice<u8>): void;
}

/** Writes every piece of `template` to `sink`, in order. */
export function format(sink: ByteSink, template: Template): void {
  for (const piece of pieces(template)) formatPiece(sink, piece);
}

function formatPiece(sink: ByteSink, piece: Piece): void {
  switch (piece.kind) {
    case "text":
      sink.write(piece.text.bytes());
      break;
    case "bytes":
      sink.write(piece.bytes);
      break;
    case "unsigned":
      formatUnsigned(sink, piece.value);
      break;
    case "signed":
      formatSigned(sink, piece.value);
      break;
    case "hex":
      formatHex(sink, piece.value, piece.digits);
      break;
    case "boolean":
      sink.write(piece.value ? "true".bytes() : "false".bytes());
      break;
    case "template":
      format(sink, piece.template);
      break;
  }
}

/** Decimal. */
export function formatUnsigned(sink: ByteSink, value: u64): void {
  const digits = new FixedArray<u8, 20>();
  let at: usize = digits.length;
  let rest: u64 = value;
  do {
    at--;
    digits[at] = (0x30 + (rest % 10)) as u8;
    rest /= 10;
  } while (rest !== 0);
  sink.write(digits.slice(at));
}

/** Decimal, with a minus where it is negative. */
export function formatSigned(sink: ByteSink, value: i64): void {
  if (value >= 0) {
    formatUnsigned(sink, value as u64);
    return;
  }
  sink.write("-".bytes());
  formatUnsigned(sink, ~(value as u64) + 1); // the magnitude, which for the lowest i64 is no i64
}

/** Lower-case hexadecimal without a prefix, with at least `least` digits (up to 16). */
export function formatHex(sink: ByteSink, value: u64, least: u32): void {
  const digits = new FixedArray<u8, 16>();
  const alphabet = "0123456789abcdef".bytes();
  let at: usize = digits.length;
  let rest: u64 = value;
  let missing: u32 = min<u32>(least, 16);
  do {
    at--;
    digits[at] = alphabet[rest & 15];
    rest >>= 4;
    if (missing > 0) missing--;
  } while (rest !== 0 || missing > 0);
  sink.write(digits.slice(at));
}
