export function main(): i32 {
  try { // error XL1001
    return 1;
  } finally {
  }
}
