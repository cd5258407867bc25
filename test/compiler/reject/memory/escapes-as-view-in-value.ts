type View = { readonly bytes: Slice<u8>; readonly start: u32 };
function make(): View {
  const bytes = new FixedArray<u8, 4>();
  return { bytes: bytes, start: 1 }; // error XL4003
}
export function main(): i32 {
  return make().start as i32;
}
