/** CRC-32 as Ethernet, gzip and partition tables have it (polynomial 0x04c11db7, bits reversed). */

const polynomial: u32 = 0xedb88320;

/** What a byte does to the sum; filled in when it is first needed. */
const table = new FixedArray<u32, 256>();

@struct
export class Crc32 {
  state: u32 = 0xffffffff;

  add(bytes: Slice<u8>): void {
    if (table[1] === 0) fillTable();
    let state = this.state;
    for (const byte of bytes) state = table[(state ^ byte) & 0xff] ^ (state >> 8);
    this.state = state;
  }

  /** The sum of all that was added. */
  sum(): u32 {
    return ~this.state;
  }
}

function fillTable(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit: u32 = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) === 0 ? 0 : polynomial);
    table[byte] = value;
  }
}
