/**
 * Where code lies moves a figure by up to 30 %, with not one instruction changed. So each form is built several times,
 * with its functions and loops at other addresses, and the median over these layouts is shown.
 */
export interface Layout {
  readonly name: string;
  readonly flags: readonly string[];
}

/** Bytes of nops in front of every function; the entry then lies that far behind a multiple of 64. */
const SHIFTS = [0, 16, 32, 48];

export const layouts: readonly Layout[] = [
  ...SHIFTS.map((shift) => layout(`shift-${shift}`, shift, [])),
  layout("loops-32", 0, ["-falign-loops=32"]),
  layout("loops-32-shift-32", 32, ["-falign-loops=32"]),
];

function layout(name: string, shift: number, flags: readonly string[]): Layout {
  const padding = shift === 0 ? [] : [`-fpatchable-function-entry=${shift},${shift}`];
  return { name, flags: ["-falign-functions=64", ...padding, ...flags] };
}
