/** What `bench=…` can ask for. Apart from what measures it, so that reading the command line needs no machine. */
export const enum Benchmark {
  None,
  /** What the kernel's own operations cost. */
  Core,
  /** How long booting took. */
  Boot,
  /** Nothing of its own: it serves those who measure the network from outside. */
  Net,
  /** What reading and writing a disk costs. */
  Block,
}
