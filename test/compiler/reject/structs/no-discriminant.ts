type Shape = { readonly a: u32 } | { readonly b: u32 }; // error XL3010
function use(shape: Shape): u32 {
  return 0;
}
export function main(): i32 {
  return use({ a: 1 }) as i32;
}
