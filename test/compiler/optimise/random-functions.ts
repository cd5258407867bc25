/** Random functions over slices and counters, full of indices that are sometimes good, for the test of the proof pass. */

/** What a statement may name. */
interface Scope {
  readonly integers: readonly string[];
  /** Integers that cannot be assigned. */
  readonly constants: readonly string[];
  readonly slices: readonly string[];
  /** Labels of the loops around it. */
  readonly loops: readonly string[];
  /** A counter and the slice that it counts over. */
  readonly pair?: readonly [string, string];
}

const DEEPEST = 3;

export class FunctionWriter {
  readonly #random: (below: number) => number;
  #names = 0;
  #depth = 0;

  /** `random(n)` gives a whole number from 0 on, below n. */
  constructor(random: (below: number) => number) {
    this.#random = random;
  }

  /** One function of that name: two slices and two numbers in, a sum out. It ends, since its fuel does. */
  write(name: string): string {
    const scope: Scope = { integers: ["n", "m"], constants: [], slices: ["a", "b"], loops: [] };
    const body = this.#block(scope, 3 + this.#random(6));
    return `export function ${name}(a: Slice<u8>, b: Slice<u8>, n0: u64, m0: u64): u64 {
let fuel: u32 = 60; let sum: u64 = 0; let n: u64 = n0; let m: u64 = m0;
${body}
return sum;
}
`;
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#random(values.length)] as T;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  #block(outer: Scope, statements: number): string {
    let scope = outer;
    const lines: string[] = [];
    for (let i = 0; i < statements; i++) {
      const made = this.#declaration(scope);
      if (made !== undefined) scope = made.scope;
      lines.push(made?.text ?? this.#statement(scope));
    }
    return lines.join("\n");
  }

  /** Now and then a new variable, which the statements behind it can use. */
  #declaration(scope: Scope): { readonly text: string; readonly scope: Scope } | undefined {
    const which = this.#random(7);
    if (which === 0) {
      const name = this.#name("v");
      const text = `let ${name}: u64 = ${this.#index(scope)};`;
      return { text, scope: { ...scope, integers: [...scope.integers, name] } };
    }
    if (which === 1) {
      const name = this.#name("s");
      const text = `let ${name}: Slice<u8> = ${this.#part(scope)};`;
      return { text, scope: { ...scope, slices: [...scope.slices, name] } };
    }
    return undefined;
  }

  #part(scope: Scope): string {
    const slice = this.#pick(scope.slices);
    const start = this.#pick(scope.integers);
    return this.#pick([
      slice,
      `${slice}.slice(${this.#index(scope)})`,
      `${slice}.slice(${this.#index(scope)}, ${this.#index(scope)})`,
      `${slice}.slice(${start}, ${start} + ${this.#pick(scope.integers)})`,
    ]);
  }

  #statement(scope: Scope): string {
    this.#depth++;
    try {
      const which = this.#random(this.#depth > DEEPEST ? 6 : 11);
      if (which < 3) return `sum += ${this.#access(scope)};`;
      if (which === 3) return this.#assignment(scope);
      if (which === 4) return this.#shrink(scope);
      if (which === 5) return this.#jump(scope);
      if (which < 8) return this.#if(scope);
      if (which === 8) return this.#while(scope);
      return which === 9 ? this.#forOf(scope) : this.#for(scope);
    } finally {
      this.#depth--;
    }
  }

  #assignment(scope: Scope): string {
    const name = this.#pick(scope.integers);
    const by = this.#random(4);
    return this.#pick([
      `${name} += ${by};`,
      `${name} -= ${by};`,
      `${name}++;`,
      `${name} = ${this.#index(scope)};`,
    ]);
  }

  #shrink(scope: Scope): string {
    const own = scope.slices.filter((name) => name.startsWith("s"));
    return own.length === 0
      ? "sum += 1;"
      : `${this.#pick(own)} = ${this.#pick(scope.slices)}.slice(${this.#random(2)});`;
  }

  #jump(scope: Scope): string {
    if (scope.loops.length === 0) return `if (${this.#condition(scope)}) { sum += 1; }`;
    const label = this.#random(3) === 0 ? ` ${this.#pick(scope.loops)}` : "";
    return `if (${this.#condition(scope)}) { ${this.#pick(["break", "continue"])}${label}; }`;
  }

  #if(scope: Scope): string {
    const otherwise = this.#random(2) === 0 ? "" : ` else {\n${this.#block(scope, 1 + this.#random(2))}\n}`;
    return `if (${this.#condition(scope)}) {\n${this.#block(scope, 1 + this.#random(3))}\n}${otherwise}`;
  }

  #loopBody(scope: Scope): string {
    return `fuel -= 1; if (fuel === 0) { return sum; }\n${this.#block(scope, 1 + this.#random(4))}`;
  }

  #while(scope: Scope): string {
    const label = this.#name("L");
    const body = this.#loopBody({ ...scope, loops: [...scope.loops, label] });
    const condition = this.#condition(scope);
    return this.#random(3) > 0
      ? `${label}: while (${condition}) {\n${body}\n}`
      : `${label}: do {\n${body}\n} while (${condition});`;
  }

  #forOf(scope: Scope): string {
    const [label, index, element] = [this.#name("L"), this.#name("i"), this.#name("x")];
    const slice = this.#pick(scope.slices);
    const inner: Scope = {
      ...scope,
      constants: [...scope.constants, index],
      loops: [...scope.loops, label],
      pair: [index, slice],
    };
    return `${label}: for (const [${index}, ${element}] of ${slice}.entries()) {\nsum += ${element};\n${this.#loopBody(inner)}\n}`;
  }

  #for(scope: Scope): string {
    const [label, counter] = [this.#name("L"), this.#name("i")];
    const slice = this.#pick(scope.slices);
    const inner: Scope = {
      ...scope,
      integers: [...scope.integers, counter],
      loops: [...scope.loops, label],
      pair: [counter, slice],
    };
    const by = this.#random(4);
    const condition = this.#pick([
      `${counter} < ${slice}.length`,
      `${counter} + ${by} < ${slice}.length`,
      `${counter} <= ${slice}.length`,
      `${counter} < ${this.#random(12)}`,
      `${counter} !== ${slice}.length`,
      `${slice}.length - ${counter} > ${by}`,
      this.#condition(inner),
    ]);
    const start = this.#pick(["0", "1", `${slice}.length`, this.#index(scope)]);
    const step = this.#pick([`${counter}++`, `${counter} += 2`, `${counter} += ${by + 1}`, `${counter}--`]);
    return `${label}: for (let ${counter}: u64 = ${start}; ${condition}; ${step}) {\n${this.#loopBody(inner)}\n}`;
  }

  #index(scope: Scope): string {
    const value = this.#pick([...scope.integers, ...scope.constants]);
    const slice = this.#pick(scope.slices);
    const by = this.#random(4);
    return this.#pick([
      value,
      value,
      String(this.#random(8)),
      `${value} + ${by}`,
      `${value} - ${by}`,
      `(${value} & ${this.#pick([1, 3, 7, 15])})`,
      `${slice}.length - ${by}`,
      `${slice}.length - ${value}`,
      `(${value} >> ${by})`,
      `(${value} << ${by})`,
      `(${value} % 5)`,
      `min(${value}, ${slice}.length)`,
      `max(${value}, ${by})`,
      `${value} + ${this.#pick(scope.integers)}`,
      `(${value} | ${by})`,
      `${value} / ${by + 1}`,
    ]);
  }

  #condition(scope: Scope): string {
    const value = this.#pick([...scope.integers, ...scope.constants]);
    const other = this.#pick(scope.integers);
    const slice = this.#pick(scope.slices);
    const by = this.#random(4);
    const one = this.#pick([
      `${value} < ${slice}.length`,
      `${value} + ${by} < ${slice}.length`,
      `${value} <= ${slice}.length`,
      `${value} < ${other}`,
      `${value} >= ${other}`,
      `${value} !== ${slice}.length`,
      `${value} === ${slice}.length`,
      `${slice}.length - ${value} >= ${by}`,
      `${slice}.length > ${by}`,
      `${slice}.length >= ${this.#pick(scope.slices)}.length`,
      `${slice}.length === ${this.#pick(scope.slices)}.length`,
      // Cast, since TypeScript would narrow the variable to the literal, and refuse to compare it with another.
      `(${value} as u64) !== ${by}`,
      `(${value} & ${by + 1}) !== 0`,
    ]);
    const kind = this.#random(10);
    if (kind < 2) return `${one} ${this.#pick(["&&", "||"])} ${this.#condition(scope)}`;
    return kind === 2 ? `!(${one})` : one;
  }

  #access(scope: Scope): string {
    if (scope.pair !== undefined && this.#random(10) < 6) return this.#pairAccess(scope.pair);
    const slice = this.#pick(scope.slices);
    const value = this.#pick(scope.integers);
    return this.#pick([
      `${slice}[${this.#index(scope)}]`,
      `${slice}.readU16be(${this.#index(scope)})`,
      `FIXED[${this.#index(scope)}]`,
      `lowestBit(${value})`,
      `${value} / ${this.#pick(scope.integers)}`,
      `(${this.#condition(scope)} ? ${slice}[${this.#index(scope)}] : ${slice}[${this.#index(scope)}])`,
    ]);
  }

  #pairAccess([counter, slice]: readonly [string, string]): string {
    const by = this.#random(4);
    return this.#pick([
      `${slice}[${counter}]`,
      `${slice}[${counter} + ${by}]`,
      `${slice}[${counter} - ${by}]`,
      `${slice}.readU16be(${counter})`,
      `${slice}.readU32le(${counter} + ${by})`,
      `${slice}[${slice}.length - ${counter}]`,
      `${slice}[${slice}.length - ${counter} - 1]`,
      `${slice}.slice(${counter})[0]`,
      `${slice}.slice(${counter}, ${counter} + ${by}).length`,
    ]);
  }
}
