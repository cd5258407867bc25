import { sharedAt } from "xenlet:unsafe";
@struct class Ring {
  producer: u32 = 0;
}
export function main(): i32 {
  const ring = sharedAt<Ring>(0x1000);
  const order: LoadOrder = "acquire";
  const a = ring.producer.load(order); // error XL2040
  return 0;
}
