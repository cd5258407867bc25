const TABLE: FixedArray<u32, 3> = [1, 2]; // error TS2322
export function main(): i32 {
  return TABLE[0] as i32;
}
