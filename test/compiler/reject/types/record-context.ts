export function main(): i32 {
  const a = { x: 1, y: 2 }; // error XL2030
  return 0;
}
