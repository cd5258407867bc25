//> 1 2 3
import { print } from "xenlet:host";

type Point = { readonly x: u8; readonly y: u8 };
type Box = { readonly corner: Point; readonly size: u16 };

export function main(): i32 {
  const box: Box = { corner: { x: 1, y: 2 }, size: 3 };
  print(`${box.corner.x} ${box.corner.y} ${box.size}`);
  return 0;
}
