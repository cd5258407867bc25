export function main(): i32 {
  let n: u32;
  n += 1; // error TS2454
  return 0;
}
