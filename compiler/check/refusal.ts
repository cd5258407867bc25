import type { DiagnosticName } from "../diagnostics/catalogue.ts";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Place } from "../ir/ir.ts";
import { spanOf } from "../source/program.ts";
import type ts from "../typescript.ts";

/** Ends the checking of one statement; what it says has been reported. */
export class Refusal extends Error {}

/** Collects what the programmer must change; a place that is refused twice for one reason is told once. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #silenced: string | undefined;

  add(found: Diagnostic): void {
    const key = `${found.code} ${found.span?.file} ${found.span?.start}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.diagnostics.push(found);
  }

  refuse(node: ts.Node, name: DiagnosticName, ...arguments_: string[]): Refusal {
    this.add(diagnostic(name, spanOf(node), arguments_));
    return new Refusal(name);
  }

  /** For what follows from something that has been refused already, here or by TypeScript. */
  silent(): Refusal {
    this.#silenced ??= new Error("something was refused without a word").stack;
    return new Refusal("follows from another");
  }

  /** Throws where a silent refusal followed from nothing: compiling on would leave a part of the program out. */
  close(): void {
    if (this.diagnostics.length === 0 && this.#silenced !== undefined) throw new Error(this.#silenced);
  }

  refuseAt(place: Place, name: DiagnosticName, ...arguments_: string[]): void {
    this.add(diagnostic(name, place, arguments_));
  }

  /** Runs `check`; a refusal inside ends only it. */
  attempt<T>(check: () => T): T | undefined {
    try {
      return check();
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }
}
