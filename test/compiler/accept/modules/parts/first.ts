let counter: u32 = 1;
@struct
export class Box {
  held: u32 = 9;
}
export function value(): u32 {
  return counter;
}
