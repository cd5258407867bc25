export function main(): i32 {
  let a: u32 = true; // error TS2322
  let b: boolean = 1; // error TS2322
  let c: string = 4; // error TS2322
  return 0;
}
