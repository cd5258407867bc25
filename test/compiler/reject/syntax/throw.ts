export function main(): i32 {
  throw "no"; // error XL1001
}
