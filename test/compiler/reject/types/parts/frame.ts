export type Frame = Nominal<u64, "Frame">;
export function frame(n: u64): Frame {
  return n as Frame;
}
