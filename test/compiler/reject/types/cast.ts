@struct class Box {
  held: u32 = 0;
}
export function main(): i32 {
  let b = true;
  const n = "a" as string as Template; // error XL2013
  const box = new Box();
  const other = box as Box | null; // error XL2013
  return 0;
}
