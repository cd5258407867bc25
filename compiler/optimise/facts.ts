/**
 * What is known of integers at one place of a program: differences between quantities, `a - b ≤ c`, in exact arithmetic.
 * A quantity is a local variable or the length of a slice held by one; a bound on one of them is its difference to zero.
 */

/** An integer that facts are about. Two are the same when their ids are. */
export interface Quantity {
  readonly id: string;
  /** What its type guarantees. */
  readonly min: bigint;
  readonly max: bigint;
}

export const ZERO: Quantity = { id: "0", min: 0n, max: 0n };

/** More conclusions than this are not worth drawing at once. */
const MANY = 16;

interface Edge {
  readonly from: Quantity;
  readonly to: Quantity;
  /** from - to ≤ distance */
  readonly distance: bigint;
}

/** Facts put together for one conclusion. More find next to nothing more, and contradictory ones (in dead code) have no end. */
const LONGEST_PROOF = 4;

const NONE: readonly Edge[] = [];

/** `quantity` has been reached at `distance`; it is looked at next if that is nearer than before. */
function relax(best: Map<string, bigint>, next: Set<Quantity>, quantity: Quantity, distance: bigint): void {
  const known = best.get(quantity.id);
  if (known !== undefined && known <= distance) return;
  best.set(quantity.id, distance);
  next.add(quantity);
}

export class Facts {
  /** By the id of `from`, then of `to`. */
  readonly #edges: Map<string, Map<string, Edge>>;

  constructor(edges: Iterable<Edge> = []) {
    this.#edges = new Map();
    for (const { from, to, distance } of edges) this.add(from, to, distance);
  }

  clone(): Facts {
    return new Facts(this.#all());
  }

  *#all(): Generator<Edge> {
    for (const edges of this.#edges.values()) yield* edges.values();
  }

  /** From now on, `from - to ≤ distance`. */
  add(from: Quantity, to: Quantity, distance: bigint): void {
    // The types alone say as much.
    if (from.id === to.id || distance >= from.max - to.min) return;
    const edges = this.#edges.get(from.id) ?? new Map<string, Edge>();
    const known = edges.get(to.id);
    if (known !== undefined && known.distance <= distance) return;
    this.#edges.set(from.id, edges.set(to.id, { from, to, distance }));
  }

  /** `quantity` gets a new value: what follows from it about others is kept, what is about itself is not. */
  forget(quantity: Quantity): void {
    const out = [...(this.#edges.get(quantity.id)?.values() ?? [])];
    const into = [...this.#all()].filter((edge) => edge.to.id === quantity.id);
    if (into.length * out.length <= MANY) {
      for (const a of into) for (const b of out) this.add(a.from, b.to, a.distance + b.distance);
    }
    this.#edges.delete(quantity.id);
    for (const { from } of into) this.#edges.get(from.id)?.delete(quantity.id);
  }

  /** `quantity` grows by something between `least` and `most`, exactly. */
  shift(quantity: Quantity, least: bigint, most: bigint): void {
    const edges = [...this.#all()];
    this.#edges.clear();
    for (const { from, to, distance } of edges) {
      const grown = from.id === quantity.id ? most : to.id === quantity.id ? -least : 0n;
      this.add(from, to, distance + grown);
    }
  }

  /**
   * The smallest c for which `from - to ≤ c` follows from what is known; undefined where nothing does. Whoever needs no
   * better than `enough` says so.
   */
  bound(from: Quantity, to: Quantity, enough?: bigint): bigint | undefined {
    if (from.id === to.id) return 0n;
    const direct = this.#edges.get(from.id)?.get(to.id)?.distance;
    if (direct !== undefined && enough !== undefined && direct <= enough) return direct;
    const best = new Map<string, bigint>([[from.id, 0n]]);
    let frontier: ReadonlySet<Quantity> = new Set([from]);
    for (let steps = LONGEST_PROOF; frontier.size > 0 && steps > 0; steps--) {
      const next = new Set<Quantity>();
      for (const quantity of frontier) {
        const distance = best.get(quantity.id) ?? 0n;
        for (const edge of this.#edges.get(quantity.id)?.values() ?? NONE) {
          relax(best, next, edge.to, distance + edge.distance);
        }
        // What the types say.
        if (quantity.id !== ZERO.id) relax(best, next, ZERO, distance + quantity.max);
        else relax(best, next, to, distance - to.min);
      }
      frontier = next;
    }
    return best.get(to.id);
  }

  upper(quantity: Quantity): bigint {
    return this.bound(quantity, ZERO) ?? quantity.max;
  }

  lower(quantity: Quantity): bigint {
    return -(this.bound(ZERO, quantity) ?? -quantity.min);
  }

  /** What holds whichever of the two was true. */
  join(other: Facts): Facts {
    const joined = new Facts();
    const addWeaker = (facts: Facts, { from, to, distance }: Edge): void => {
      const found = facts.bound(from, to, distance);
      if (found !== undefined) joined.add(from, to, found > distance ? found : distance);
    };
    for (const edge of this.#all()) addWeaker(other, edge);
    for (const edge of other.#all()) addWeaker(this, edge);
    return joined;
  }

  /** These facts without those that do not follow from `other` as well. */
  keptBy(other: Facts): Facts {
    return new Facts(
      [...this.#all()].filter(({ from, to, distance }) => {
        const found = other.bound(from, to, distance);
        return found !== undefined && found <= distance;
      }),
    );
  }

  get size(): number {
    return [...this.#all()].length;
  }
}
