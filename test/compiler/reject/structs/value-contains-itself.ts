type Chain = { readonly value: u32; readonly next: Chain }; // error XL3008
function first(chain: Chain): u32 {
  return chain.value;
}
export function main(): i32 {
  return 0;
}
