/** Pages of a disk where nobody looks at the data: one page does for all. */
import type { DataPage, PageSource } from "../../kernel/drivers/xenbus/blkfront/data-pages.ts";

@struct
export class OnePage implements PageSource {
  readonly bytes = new FixedArray<u8, 4096>();

  grant(page: DataPage, place: u32): boolean {
    page.memory = this.bytes;
    return true;
  }
}
