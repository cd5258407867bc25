/** What `bench=…` can ask for. Apart from what measures it, so that reading the command line needs no machine. */
export const enum Benchmark {
  None,
  /** What the kernel's own operations cost. */
  Core,
  /** How long booting took. */
  Boot,
}
