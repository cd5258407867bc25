/** A guest's console as the host sees it: a text that grows, and a way to type. */
import { patienceMs } from "./patience.ts";
import { GuestFailure } from "./verdict.ts";

/** A growing text with waiting. Iterating over it yields everything from the beginning, in the pieces in which it came. */
export class GuestConsole implements AsyncIterable<string> {
  readonly #type: (bytes: Uint8Array) => void;
  readonly #decoder = new TextDecoder();
  readonly #listeners = new Set<() => void>();
  #text = "";
  #ended = false;
  #matchedUntil = 0;
  #lastChange = performance.now();

  /** `type` is what takes the input to the guest. */
  constructor(type: (bytes: Uint8Array) => void) {
    this.#type = type;
  }

  /** Everything that the guest has written. */
  get text(): string {
    return this.#text;
  }

  /** True when no more text can come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Milliseconds since the text changed. */
  get quietMs(): number {
    return performance.now() - this.#lastChange;
  }

  /** Types to the guest. Its console ring takes 1024 bytes; more waits in dom0 until the guest has read. */
  write(text: string | Uint8Array): void {
    this.#type(typeof text === "string" ? Buffer.from(text) : text);
  }

  /** Calls `listener` with each new piece; returns a function that ends that. */
  onText(listener: (text: string) => void): () => void {
    let seen = this.#text.length;
    const onChange = (): void => {
      const piece = this.#text.slice(seen);
      seen = this.#text.length;
      if (piece !== "") listener(piece);
    };
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  /**
   * Waits until the text after the previous call's match matches `pattern`, and returns the match. Throws a GuestFailure
   * with the console when that has not happened after `timeoutMs` or when the console has ended.
   */
  async waitFor(pattern: RegExp, timeoutMs = patienceMs): Promise<RegExpExecArray> {
    // `g` and `y` would make exec() remember a place of its own.
    const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const match = stateless.exec(this.#text.slice(this.#matchedUntil));
      if (match) {
        this.#matchedUntil += match.index + match[0].length;
        return match;
      }
      if (this.#ended) throw new GuestFailure(`the guest ended without printing ${pattern}`, this.#text);
      const left = deadline - performance.now();
      if (left <= 0)
        throw new GuestFailure(`the guest did not print ${pattern} within ${timeoutMs / 1000} s`, this.#text);
      await this.#change(left);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (let seen = 0; ;) {
      if (seen < this.#text.length) {
        const piece = this.#text.slice(seen);
        seen = this.#text.length;
        yield piece;
      } else if (this.#ended) {
        return;
      } else {
        await this.#change();
      }
    }
  }

  /** For the rig: appends what came. */
  receive(bytes: Uint8Array): void {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    this.#lastChange = performance.now();
    for (const listener of [...this.#listeners]) listener();
  }

  /** For the rig: no more will come. */
  end(): void {
    this.#ended = true;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Resolves at the next change or after `timeoutMs`. */
  #change(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        clearTimeout(timer);
        resolve();
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(done, timeoutMs);
      this.#listeners.add(done);
    });
  }
}
