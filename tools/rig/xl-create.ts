/** Runs `xl create -F`, which builds a domain and then stays to tell what becomes of it. */
import type { AgentLink, Work } from "./agent-link.ts";
import { readXlReport, type GuestEnd } from "./guest-end.ts";

/** The running command and what it has said. `configuration` is the path of the file in dom0. */
export class XlCreate {
  readonly work: Work;
  /** The domain's number as soon as it is built; undefined when xl refused. */
  readonly built: Promise<number | undefined>;
  /** Why the domain ended. Settles only for one that was built. */
  readonly ended: Promise<GuestEnd>;
  /** xl's exit status; undefined when a signal ended it. */
  readonly status: Promise<number | undefined>;
  text = "";

  constructor(link: AgentLink, configuration: string, paused: boolean) {
    let onBuilt = (_domainId: number | undefined): void => {};
    let onEnded = (_end: GuestEnd): void => {};
    const built = new Promise<number | undefined>((resolve) => (onBuilt = resolve));
    const ended = new Promise<GuestEnd>((resolve) => (onEnded = resolve));
    const onOutput = (bytes: Buffer): void => {
      this.text += bytes.toString();
      const report = readXlReport(this.text);
      if (report.domainId !== undefined) onBuilt(report.domainId);
      if (report.end !== undefined) onEnded(report.end);
    };
    const command = ["xl", "create", "-F", ...(paused ? ["-p"] : []), configuration];
    this.work = link.spawn(command, { onStdout: onOutput, onStderr: onOutput });
    this.status = this.work.end.then((end) => {
      onBuilt(undefined);
      // xl leaves without a word when somebody else destroyed the domain before it looked.
      onEnded({ reason: "destroyed" });
      return end.kind === "status" ? end.status : undefined;
    });
    // When the rig breaks, the waiting for either must fail as well, rather than last for ever.
    const broken = this.status.then(() => new Promise<never>(() => {}));
    this.built = Promise.race([built, broken]);
    this.ended = Promise.race([ended, broken]);
    this.built.catch(() => {});
    this.ended.catch(() => {});
  }
}
