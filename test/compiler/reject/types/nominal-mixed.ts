type Pfn = Nominal<u64, "Pfn">;
type Mfn = Nominal<u64, "Mfn">;
export function main(): i32 {
  const p = 1 as Pfn;
  const m: Mfn = p; // error TS2322
  return 0;
}
