/** The Internet checksum (RFC 1071) of `bytes`, as it stands in a header, most significant byte first. */
export function internetChecksum(bytes: Slice<u8>): u16 {
  let sum: u32 = 0;
  for (let i: usize = 0; i + 1 < bytes.length; i += 2) {
    sum += bytes.readU16be(i);
  }
  if ((bytes.length & 1) !== 0) {
    sum += (bytes[bytes.length - 1] as u32) << 8;
  }
  while (sum >> 16 !== 0) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return ~sum as u16;
}
