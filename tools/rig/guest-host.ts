/** What a guest needs of the rig that it runs on. */
import type { AgentLink } from "./agent-link.ts";
import type { CommandOutcome } from "./dom0-command.ts";

/** The rig as its guests see it. */
export interface GuestHost {
  readonly link: AgentLink;
  exec(command: string | readonly string[], options?: { timeoutMs?: number }): Promise<CommandOutcome>;
  put(bytes: Uint8Array, path: string, mode?: number): Promise<void>;
}
