function mark(target: object, context: ClassDecoratorContext<unknown>): void {} // error XL2002
@mark // error XL1001
@struct
class Box {
  held: u32 = 0;
}
export function main(): i32 {
  const b = new Box();
  return b.held as i32;
}
