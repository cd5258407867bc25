export function main(): i32 {
  const a = ok(1); // error XL2029
  const b = err("x"); // error XL2029
  return 0;
}
