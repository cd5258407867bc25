@struct class Box {
  held: u32 = 0;
}
function find(): Result<Box> {
  const b = new Box();
  return ok(b); // error XL4003
}
export function main(): i32 {
  const found = find();
  return found.ok ? 1 : 0;
}
