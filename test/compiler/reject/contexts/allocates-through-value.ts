/** @interrupt */
type Handler = (port: u32) => void;
/** @allocates */
function take(): u32 {
  return 1;
}
let last: u32 = 0;
function onEvent(port: u32): void {
  last = port + take(); // error XL5001
}
const table: FixedArray<Handler | null, 2> = [onEvent, null];
export function main(): i32 {
  const handler = table[0];
  if (handler !== null) handler(1);
  return 0;
}
