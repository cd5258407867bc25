/** Reads from Xen's serial console how its first domain ended. */

/**
 * The domain's shutdown reason, or: `refused`, when Xen did not build a domain from the image; `xen-panic`, when Xen itself
 * died while the domain ran; `timeout`, when it was ended from outside.
 */
export type BareEnd =
  "poweroff" | "reboot" | "crash" | "watchdog" | "soft_reset" | "refused" | "xen-panic" | "timeout";

/** What Xen says when its first domain ends (xen/common/shutdown.c, hwdom_shutdown). */
const signs: readonly (readonly [RegExp, BareEnd])[] = [
  [/Panic on CPU \d+:/, "xen-panic"],
  [/Hardware Dom\d+ halted/, "poweroff"],
  [/Hardware Dom\d+ crashed/, "crash"],
  [/Hardware Dom\d+ shutdown: watchdog/, "watchdog"],
  [/Hardware Dom\d+ shutdown: rebooting/, "reboot"],
  [/did unsupported soft reset/, "soft_reset"],
];

/** The last thing that Xen prints before it lets the domain run; a panic before it is about the image. */
const started = /Serial input to DOM0/;

/** How the domain ended according to `serial`; undefined while it runs. Only Xen's own lines are believed. */
export function readBareEnd(serial: string): BareEnd | undefined {
  const said = serial
    .split("\n")
    .filter((line) => line.startsWith("(XEN) "))
    .join("\n");
  const end = signs.find(([pattern]) => pattern.test(said))?.[1];
  return end === "xen-panic" && !started.test(said) ? "refused" : end;
}
