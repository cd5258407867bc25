/** Watch events that nobody was told about yet: their tokens and paths, one after the other, in the order they came. */

/** Token and length of the path, 4 bytes each. */
const recordHeader = 8;

@struct
export class EventQueue {
  readonly bytes = new FixedArray<u8, 8192>();
  /** Where the oldest begins, and where the next will: these only grow, and are masked when they are used. */
  head: u64 = 0;
  tail: u64 = 0;
  /** Of the event that `pop` took. */
  token: u32 = 0;

  isEmpty(): boolean {
    return this.head === this.tail;
  }

  /** False where there is no room. */
  push(token: u32, path: Slice<u8>): boolean {
    const header = new FixedArray<u8, 8>();
    if (this.tail - this.head + recordHeader + path.length > this.bytes.length) return false;
    header.writeU32le(0, token);
    header.writeU32le(4, path.length as u32);
    this.append(header);
    this.append(path);
    return true;
  }

  /** Takes the oldest, which there must be: its path, put into `into`, which every path fits into. */
  pop(into: Slice<u8>): Slice<u8> {
    const header = new FixedArray<u8, 8>();
    this.take(header);
    this.token = header.readU32le(0);
    const path = into.slice(0, header.readU32le(4));
    this.take(path);
    return path;
  }

  clear(): void {
    this.head = this.tail;
  }

  append(bytes: Slice<u8>): void {
    const place: usize = this.tail % this.bytes.length;
    const piece: usize = min<usize>(bytes.length, this.bytes.length - place);
    this.bytes.slice(place).copyFrom(bytes.slice(0, piece));
    this.bytes.copyFrom(bytes.slice(piece));
    this.tail += bytes.length;
  }

  take(into: Slice<u8>): void {
    const place: usize = this.head % this.bytes.length;
    const piece: usize = min<usize>(into.length, this.bytes.length - place);
    into.copyFrom(this.bytes.slice(place, place + piece));
    into.slice(piece).copyFrom(this.bytes.slice(0, into.length - piece));
    this.head += into.length;
  }
}
