/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. Partial sums are added
 * as plain integers and folded at the end; 65536 of them fit.
 */

/** The sum over `bytes`, folded to 16 bits; an odd last byte counts as the high half of a word. */
export function sumBytes(bytes: Slice<u8>): u32 {
  // The sum does not depend on the order of bytes (RFC 1071, section 2 B), so words are added as they lie in memory.
  let sum: u64 = 0;
  let at: usize = 0;
  for (; at + 31 < bytes.length; at += 32) {
    sum = addWithCarry(sum, bytes.readU64le(at));
    sum = addWithCarry(sum, bytes.readU64le(at + 8));
    sum = addWithCarry(sum, bytes.readU64le(at + 16));
    sum = addWithCarry(sum, bytes.readU64le(at + 24));
  }
  for (; at + 7 < bytes.length; at += 8) sum = addWithCarry(sum, bytes.readU64le(at));
  let tail: u64 = 0;
  for (let shift: u32 = 0; at < bytes.length; at++) {
    tail |= (bytes[at] as u64) << shift;
    shift += 8;
  }
  sum = addWithCarry(sum, tail);
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + ((sum >> 16) & 0xffff) + (sum >> 32);
  return byteSwap<u16>(foldSum(sum as u32));
}

function addWithCarry(sum: u64, word: u64): u64 {
  const wrapped: u64 = sum + word;
  return wrapped < word ? wrapped + 1 : wrapped;
}

/** A sum as 16 bits: what is above them is carried round. */
export function foldSum(sum: u32): u16 {
  const once: u32 = (sum & 0xffff) + (sum >> 16);
  return ((once & 0xffff) + (once >> 16)) as u16;
}

/** The sum of the same bytes when they begin at an odd place of what is summed up. */
export function swapSum(sum: u32): u32 {
  return byteSwap<u16>(foldSum(sum));
}

/** The checksum of `bytes`, whose checksum field is 0; where the field is filled in, 0 says that it is right. */
export function internetChecksum(bytes: Slice<u8>): u16 {
  return ~foldSum(sumBytes(bytes)) as u16;
}

/** The checksum after one word of what it covers has changed (RFC 1624, equation 3). */
export function updateChecksum(checksum: u16, before: u16, after: u16): u16 {
  const sum: u32 = (~checksum as u16 as u32) + (~before as u16 as u32) + after;
  return ~foldSum(sum) as u16;
}
