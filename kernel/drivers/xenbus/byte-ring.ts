/**
 * A byte ring between two domains. Indices only grow, wrap at 32 bits, and are reduced to a place in the ring when they are
 * used; its size is a power of two. The peer's index can be anything, so it is judged before it is used.
 */

/** Bytes that were produced and not yet consumed; an error where no honest peer could have brought the indices there. */
export function bytesWaiting(produced: u32, consumed: u32, size: u32): Result<u32> {
  const waiting: u32 = produced - consumed;
  if (waiting > size) return err("the indices are further apart than the ring is long");
  return ok(waiting);
}

/** Where in the ring an index points. */
export function placeInRing(index: u32, size: u32): u32 {
  return index & (size - 1);
}

/** How many of `count` bytes lie in one piece from `index` on, before the ring's end. */
export function unbrokenBytes(index: u32, count: u32, size: u32): u32 {
  return min<u32>(count, size - placeInRing(index, size));
}

/** Copies the bytes from `index` on, as many as `into` takes: no more than the ring has room for. */
export function copyOutOfRing<N extends number>(
  ring: Shared<FixedArray<u8, N>>,
  index: u32,
  into: Slice<u8>,
): void {
  const size: u32 = ring.length as u32;
  const piece: usize = unbrokenBytes(index, into.length as u32, size);
  ring.copyTo(into.slice(0, piece), placeInRing(index, size));
  if (piece < into.length) ring.copyTo(into.slice(piece), 0);
}

/** Copies `bytes`, no more than the ring has room for, to where `index` points. */
export function copyIntoRing<N extends number>(
  ring: Shared<FixedArray<u8, N>>,
  index: u32,
  bytes: Slice<u8>,
): void {
  const size: u32 = ring.length as u32;
  const piece: usize = unbrokenBytes(index, bytes.length as u32, size);
  ring.copyFrom(bytes.slice(0, piece), placeInRing(index, size));
  if (piece < bytes.length) ring.copyFrom(bytes.slice(piece), 0);
}
