type Pfn = Nominal<u64, "Pfn">;
function plain(n: u64): u64 {
  return n;
}
export function main(): i32 {
  const p = 1 as Pfn;
  const n: u64 = p; // error XL2005
  const m = plain(p); // error XL2005
  if (p > 4) return 1; // error XL2005
  return 0;
}
