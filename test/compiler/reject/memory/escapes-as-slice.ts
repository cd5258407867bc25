let kept: Slice<u8> | null = null;
function view(): Slice<u8> {
  const bytes = new FixedArray<u8, 4>();
  return bytes.slice(1); // error XL4003
}
export function main(): i32 {
  const bytes = new FixedArray<u8, 4>();
  kept = bytes; // error XL4003
  return view()[0] as i32;
}
