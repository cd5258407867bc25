const MANY = 1000;
export function main(): i32 {
  let a: u8 = 256; // error XL2008
  let b: i8 = 128; // error XL2008
  let c: u32 = -1; // error XL2008
  let d: u64 = 18446744073709551616; // error XL2008
  let e: u8 = MANY; // error XL2008
  let f: u8 = 1;
  f += 300; // error XL2008
  return 0;
}
