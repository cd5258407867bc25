/** The guest's side of the benchmark as it appears on its console: `bench: NAME VALUE UNIT`, ended by `bench: done`. */

/** A figure as it was printed. */
export interface Measured {
  readonly value: number;
  readonly unit: string;
}

/** The line after which no more figures come. */
export const lastLine = /^bench: done\s*$/m;

/** The figures in a console's text. A name that comes twice has its last value. */
export function parseFigures(console: string): Map<string, Measured> {
  const found = new Map<string, Measured>();
  for (const line of console.split(/\r?\n/)) {
    const match = /^bench: (\S+) (\d+(?:\.\d+)?) (\S+)$/.exec(line);
    if (match) found.set(match[1]!, { value: Number(match[2]), unit: match[3]! });
  }
  return found;
}
