function nothing(): void {}
export function main(): i32 {
  const a = nothing(); // error XL2038
  return 0;
}
