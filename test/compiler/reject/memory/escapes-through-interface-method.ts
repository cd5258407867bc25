@struct class Node {
  held: u32 = 0;
}
interface Keeper {
  keep(node: Node): void;
}
let kept: Node | null = null;
@struct class Static implements Keeper {
  count: u32 = 0;
  keep(node: Node): void {
    kept = node;
  }
}
function use(keeper: Keeper, node: Node): void {
  keeper.keep(node);
}
export function main(): i32 {
  const node = new Node();
  const keeper = new Static();
  use(keeper, node); // error XL4003
  return 0;
}
