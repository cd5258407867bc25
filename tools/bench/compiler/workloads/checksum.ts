import type { Workload } from "../workload.ts";
import { randomSource } from "./random.ts";

/** RFC 1071 over the payload of a full Ethernet frame. */
export function checksumWorkload(): Workload {
  const random = randomSource(1);
  const bytes = Buffer.from(Array.from({ length: 1500 }, () => random() & 255));
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return {
    symbol: "checksum",
    title: "checksum 1500 B",
    regions: [{ offset: 0, before: bytes }],
    result: BigInt(~sum & 0xffff),
    operations: 1,
    arguments: (base) => [base, BigInt(bytes.length)],
  };
}
