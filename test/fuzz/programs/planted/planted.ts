/** A defect that only some inputs reach, for the test of the fuzzer itself. */
const room = new FixedArray<u8, 4>();

export function LLVMFuzzerTestOneInput(input: Slice<u8>): i32 {
  if (input.length < 3) return 0;
  if (input[0] === 0x62 && input[1] === 0x75 && input[2] === 0x67) room[input.length + 1] = 1;
  return 0;
}
