export function main(): i32 {
  for (const c of "abc") { // error TS2488
    return 1;
  }
  return 0;
}
