type Pfn = Nominal<u64, "Pfn">;
export function main(): i32 {
  const p: Pfn = 1; // error TS2322
  return 0;
}
