interface Device {
  /** @interrupt */
  event(): void;
}
/** @blocks */
function sleep(): void {}
@struct class Disk implements Device {
  count: u32 = 0;
  event(): void {
    this.count++;
    sleep(); // error XL5001
  }
}
const disk = new Disk();
let device: Device | null = null;
export function main(): i32 {
  device = disk;
  device.event();
  return 0;
}
