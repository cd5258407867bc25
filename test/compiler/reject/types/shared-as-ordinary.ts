import { sharedAt } from "xenlet:unsafe";
@struct class Ring {
  producer: u32 = 0;
}
export function main(): i32 {
  const ring = sharedAt<Ring>(0x1000);
  const p = ring.producer + 1; // error TS2365
  ring.producer = 4; // error TS2540
  return 0;
}
