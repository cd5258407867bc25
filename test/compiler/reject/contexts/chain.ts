// The place is where the entry leaves for what blocks; the related places are the steps of the chain.
/** @blocks */
function sleep(): void {}
function lock(): void {
  sleep();
}
@struct class Device {
  count: u32 = 0;
  poll(): void {
    this.count++;
    lock();
  }
}
const device = new Device();
/** @interrupt */
export function tick(): void {
  device.poll(); // error XL5001
}
export function main(): i32 {
  tick();
  return 0;
}
