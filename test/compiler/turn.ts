/** As many pieces of work at a time as this process may load the machine with. */

const places = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs `work` as soon as there is a place for it. */
export async function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= places) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
