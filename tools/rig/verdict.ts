/**
 * The five ways a run on the rig can end, and the one error class that means "this says nothing about the kernel".
 *
 * The exit codes are those of the Xen Test Framework's runner (0, 3, 4, 5, 6), so that scripts made for it keep working;
 * what it calls *error* is *environment* here: apt, QEMU, dom0 or the rig's own agent failed.
 */
export const verdicts = ["success", "skip", "environment", "failure", "crash"] as const;

/** How a run ended. Only `failure` and `crash` are findings about the kernel. */
export type Verdict = (typeof verdicts)[number];

/** Process exit code of each verdict. */
export const exitCodes: Readonly<Record<Verdict, number>> = {
  success: 0,
  skip: 3,
  environment: 4,
  failure: 5,
  crash: 6,
};

/** The machine that should have run the test is broken: never a finding about the kernel. Says what to do. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly verdict = "environment" as const;
  /** What the reader can do about it, as a sentence or a command. */
  readonly remedy: string;

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`${what}\n  what to do: ${remedy}`, options);
    this.remedy = remedy;
  }
}

/** The guest did not do what was expected of it within its time; carries the guest's console. */
export class GuestFailure extends Error {
  override readonly name = "GuestFailure";
  readonly verdict: "failure" | "crash";
  /** Everything that the guest wrote to its console until now. */
  readonly console: string;

  constructor(what: string, console: string, verdict: "failure" | "crash" = "failure") {
    super(`${what}\n${quoteTail(console)}`);
    this.verdict = verdict;
    this.console = console;
  }
}

/** The hypervisor itself died. Whoever was running then made it do so: a crash, and worth a report to its authors. */
export class HypervisorCrash extends Error {
  override readonly name = "HypervisorCrash";
  readonly verdict = "crash" as const;

  constructor(serial: string) {
    super(`Xen itself crashed\n${quoteTail(serial)}`);
  }
}

/**
 * The verdict that an exception stands for: its own property `verdict`. Whatever has none is a defect of the tools, and so
 * the environment's.
 */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof Error) || !("verdict" in error)) return "environment";
  return verdicts.find((verdict) => verdict === error.verdict) ?? "environment";
}

/** The last lines of a console or log, marked as quotation. */
export function quoteTail(text: string, lines = 40): string {
  const all = text.replace(/\s+$/, "").split(/\r?\n/);
  if (all.length === 1 && all[0] === "") return "  | (no output)";
  const tail = all.slice(-lines).map((line) => `  | ${line}`);
  if (all.length > lines) tail.unshift(`  | … ${all.length - lines} earlier lines left out`);
  return tail.join("\n");
}
