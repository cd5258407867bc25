//> 202:0 xvda, 202:1 xvda1, 202:240 xvdp, 202:255 xvdp15
//> 3:0 hda, 3:64 hdb, 22:1 hdc1, 91:65 hdt1
//> 8:0 sda, 8:17 sdb1, 65:0 sdq, 135:240 sdiv
//> extended: xvdq, xvda17, xvdz, xvdaa, xvdzz, xvdaaa, xvdbgqcv255
//> without a meaning: vbd0, vbd511, vbd536870912
// Names by the numbers of docs/misc/vbd-interface.
import { print } from "xenlet:host";
import { nameDisk } from "../../../../kernel/drivers/xenbus/blkfront/disk-name.ts";
import { TextBuffer } from "../../../../kernel/lib/text-buffer.ts";

@struct
class Name {
  readonly buffer = new TextBuffer<16>();
}

const names = new FixedArray<Name, 7>();

/** The name, which stays until the place is used again. */
function name(place: usize, number: u64): Slice<u8> {
  nameDisk(number, names[place].buffer);
  return names[place].buffer.text();
}

function classic(place: usize, major: u64, minor: u64): Slice<u8> {
  return name(place, (major << 8) | minor);
}

function extended(place: usize, disk: u64, partition: u64): Slice<u8> {
  return name(place, (1 << 28) | (disk << 8) | partition);
}

export function main(): i32 {
  print(
    `202:0 ${text(classic(0, 202, 0))}, 202:1 ${text(classic(1, 202, 1))}, 202:240 ${text(classic(2, 202, 240))}, 202:255 ${text(classic(3, 202, 255))}`,
  );
  print(
    `3:0 ${text(classic(0, 3, 0))}, 3:64 ${text(classic(1, 3, 64))}, 22:1 ${text(classic(2, 22, 1))}, 91:65 ${text(classic(3, 91, 65))}`,
  );
  print(
    `8:0 ${text(classic(0, 8, 0))}, 8:17 ${text(classic(1, 8, 17))}, 65:0 ${text(classic(2, 65, 0))}, 135:240 ${text(classic(3, 135, 240))}`,
  );
  print(
    `extended: ${text(extended(0, 16, 0))}, ${text(extended(1, 0, 17))}, ${text(extended(2, 25, 0))}, ${text(extended(3, 26, 0))}, ${text(extended(4, 701, 0))}, ${text(extended(5, 702, 0))}, ${text(extended(6, (1 << 20) - 1, 255))}`,
  );
  print(`without a meaning: ${text(name(0, 0))}, ${text(name(1, 511))}, ${text(name(2, 2 << 28))}`);
  return 0;
}
