@struct class Header {
  readonly bytes: FixedArray<u8, 4>; // error XL3006
  constructor(bytes: FixedArray<u8, 4>) {
    this.bytes = bytes;
  }
}
const four = new FixedArray<u8, 4>();
export function main(): i32 {
  const h = new Header(four);
  return h.bytes[0] as i32;
}
