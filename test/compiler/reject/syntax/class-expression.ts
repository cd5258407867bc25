export function main(): i32 {
  const Box = class { // error XL1001
    held: u32 = 0;
  };
  return 0;
}
