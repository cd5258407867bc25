function of(b: boolean): i32 {
  switch (b) { // error XL2025
    case true:
      return 1;
    default:
      return 0;
  }
}
export function main(): i32 {
  return of(true);
}
