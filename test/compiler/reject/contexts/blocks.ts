import { print } from "xenlet:host";
/** @blocks */
function wait(): void {
  print("waiting");
}
function middle(): void {
  wait();
}
/** @interrupt */
export function upcall(): void {
  middle(); // error XL5001
}
export function main(): i32 {
  upcall();
  return 0;
}
