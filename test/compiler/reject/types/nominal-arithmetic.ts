type Pfn = Nominal<u64, "Pfn">;
export function main(): i32 {
  const p = 1 as Pfn;
  const q = p + 1; // error XL2011
  const r = p & 1; // error XL2011
  return 0;
}
