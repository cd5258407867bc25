let counter: u32 = 2;
@struct
class Box {
  other: u64 = 9;
}
const box = new Box();
export function value(): u32 {
  return counter + (box.other as u32) - 9;
}
