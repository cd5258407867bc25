function of(n: u32): u32 {
  switch (n) {
    case 1:
      return 1;
    case 1: // error XL2044
      return 2;
    default:
      return 0;
  }
}
export function main(): i32 {
  return of(1) as i32;
}
