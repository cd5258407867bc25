//> 3 text unsigned text 17
// A formatter of one's own walks the pieces.
import { print } from "xenlet:host";

@struct
class Seen {
  count: usize = 0;
  last: u64 = 0;
}
function walk(template: Template, seen: Seen): void {
  for (const piece of pieces(template)) {
    switch (piece.kind) {
      case "text":
        seen.count++;
        break;
      case "unsigned":
        seen.count++;
        seen.last = piece.value;
        break;
      default:
        seen.count += 100;
        break;
    }
  }
}
export function main(): i32 {
  const seen = new Seen();
  let n: u32 = 17;
  walk(`a ${n} b`, seen);
  print(`${seen.count} text unsigned text ${seen.last}`);
  return 0;
}
