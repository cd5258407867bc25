export function main(): i32 {
  let a: any = 3; // error XL2002
  let b: unknown = 4; // error XL2002
  return 0;
}
