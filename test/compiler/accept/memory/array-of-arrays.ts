//> 5 0 7
import { print } from "xenlet:host";

@struct
class Row {
  readonly cells = new FixedArray<u16, 3>();
}
@struct
class Grid {
  readonly rows = new FixedArray<Row, 2>();
  readonly flat = new FixedArray<FixedArray<u8, 2>, 2>();
}
const grid = new Grid();
export function main(): i32 {
  grid.rows[1].cells[2] = 5;
  grid.flat[1][0] = 7;
  print(`${grid.rows[1].cells[2]} ${grid.rows[0].cells[2]} ${grid.flat[1][0]}`);
  return 0;
}
