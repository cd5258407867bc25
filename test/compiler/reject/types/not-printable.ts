import { print } from "xenlet:host";
@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  const bytes = new FixedArray<u8, 2>();
  print(`${b}`); // error XL2026
  print(`${bytes}`); // error XL2026
  return 0;
}
