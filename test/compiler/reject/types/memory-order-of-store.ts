import { sharedAt } from "xenlet:unsafe";
@struct class Ring {
  producer: u32 = 0;
}
export function main(): i32 {
  const ring = sharedAt<Ring>(0x1000);
  ring.producer.store(1, "acquire"); // error TS2345
  return 0;
}
