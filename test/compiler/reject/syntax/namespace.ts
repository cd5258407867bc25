namespace Names { // error XL1001
  export const a: u32 = 1;
}
export function main(): i32 {
  return 0;
}
