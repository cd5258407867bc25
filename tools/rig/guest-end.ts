/** Why a guest ended, in Xen's own terms. */

/** Xen's shutdown reasons (xen/include/public/sched.h, SHUTDOWN_*), in the order of their codes. */
export const shutdownReasons = ["poweroff", "reboot", "suspend", "crash", "watchdog", "soft_reset"] as const;

/** A reason that the guest itself gave to Xen. */
export type ShutdownReason = (typeof shutdownReasons)[number];

/** How waiting for a guest can end: by its own reason, by somebody's `xl destroy`, or because it still runs. */
export interface GuestEnd {
  readonly reason: ShutdownReason | "destroyed" | "timeout";
}

/** What the output of `xl create -F` says about the domain until now. */
export interface XlReport {
  /** Known as soon as the domain has been built. */
  readonly domainId?: number | undefined;
  /** Known as soon as it has ended. */
  readonly end?: GuestEnd;
}

/**
 * Reads the output of `xl create -F`, which stays in the foreground and tells what becomes of the domain: the reason code
 * there is the one that the guest passed to Xen.
 */
export function readXlReport(text: string): XlReport {
  const built = /Waiting for domain .* \(domid (\d+)\) to die/.exec(text)?.[1];
  const domainId = built === undefined ? undefined : Number(built);
  const code = /Domain \d+ has shut down, reason code (\d+)/.exec(text)?.[1];
  const reason = code === undefined ? undefined : shutdownReasons[Number(code)];
  if (reason !== undefined) return { domainId, end: { reason } };
  if (code !== undefined)
    throw new Error(`xl reports shutdown reason ${code}, which sched.h does not define`);
  if (/Domain \d+ has been destroyed/.test(text)) return { domainId, end: { reason: "destroyed" } };
  return { domainId };
}
