//> 131072 of 512: 131072 sectors, blocks of 512, writable
//> 8 of 4096, info 6: 8 sectors, blocks of 4096, read-only, removable
//> sectors: expected 1 to 2^54
//> sectors: expected 1 to 2^54
//> sector-size: expected a power of two from 512 to 4096
//> sector-size: expected a power of two from 512 to 4096
//> sector-size: expected a power of two from 512 to 4096
//> sectors: expected a multiple of sector-size
//> ring 1, 0; segments 11, 11, 32, 64; flush 3, 2, 0
// What back ends offer, absurd or not.
import { print } from "xenlet:host";
import {
  chooseFlush,
  chooseRingOrder,
  chooseSegments,
  describeShapeFault,
  judgeShape,
} from "../../../../kernel/drivers/xenbus/blkfront/disk-offer.ts";

export function main(): i32 {
  const plain = judgeShape(131072, 512, 0);
  if (plain.ok) {
    const mode = plain.value.isReadOnly ? "read-only" : "writable";
    print(`131072 of 512: ${plain.value.sectors} sectors, blocks of ${plain.value.blockBytes}, ${mode}`);
  }
  const large = judgeShape(8, 4096, 6);
  if (large.ok && large.value.isReadOnly && large.value.isRemovable && !large.value.isCdrom) {
    print(
      `8 of 4096, info 6: ${large.value.sectors} sectors, blocks of ${large.value.blockBytes}, read-only, removable`,
    );
  }
  refuse(0, 512);
  refuse(0xffffffffffffffff, 512);
  refuse(8, 3);
  refuse(8, 0);
  refuse(8, 8192);
  refuse(9, 4096);
  const most: u64 = 0xffffffffffffffff;
  print(
    `ring ${chooseRingOrder(most)}, ${chooseRingOrder(0)}; segments ${chooseSegments(0)}, ${chooseSegments(3)}, ${chooseSegments(32)}, ${chooseSegments(most)}; flush ${chooseFlush(1, 1) as u32}, ${chooseFlush(0, 1) as u32}, ${chooseFlush(0, 0) as u32}`,
  );
  return 0;
}

function refuse(sectors: u64, sectorSize: u64): void {
  const judged = judgeShape(sectors, sectorSize, 0);
  print(judged.ok ? "believed" : describeShapeFault(judged.error));
}
