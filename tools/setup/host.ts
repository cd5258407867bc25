/** Makes sure that the machine has the Debian packages that a command needs. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { EnvironmentError, quoteTail } from "../rig/verdict.ts";
import { runCommand, type CommandResult } from "./command.ts";
import { hostPackages, type HostPackageGroup } from "./host-packages.ts";
import { terminalReporter, type Bar, type Reporter } from "./progress.ts";

const dpkgStatus = "/var/lib/dpkg/status";

/**
 * Installs the packages of `groups` that are missing; does nothing, in some milliseconds, when none is. Throws an
 * EnvironmentError with the command to type when it may not install or apt fails.
 */
export async function ensureHostPackages(
  groups: readonly HostPackageGroup[],
  report: Reporter = terminalReporter(),
): Promise<void> {
  const wanted = hostPackages(debianRelease()).filter((entry) => groups.includes(entry.group));
  const installed = installedPackages();
  const missing = wanted.filter((entry) => !installed.has(entry.name));
  if (missing.length === 0) return;

  for (const { name, reason } of missing) report.step(`host: ${name} is missing: ${reason}`);
  const names = missing.map((entry) => entry.name);
  const prefix = privilege(names);
  report.step("host: reading the Debian package lists");
  const update = await apt(prefix, ["update", "-qq"]);
  const bar = report.bar(`host: installing ${names.join(" ")}`, 200);
  const result = await apt(prefix, ["install", "-qq", "-y", "--no-install-recommends", ...names], bar);
  bar.stop();
  if (result.status !== 0) {
    const text = [update.stderr, result.stdout, result.stderr].join("\n");
    throw new EnvironmentError(
      `apt-get could not install ${names.join(", ")}:\n${quoteTail(text)}`,
      command(names),
    );
  }
}

/** The release number of this Debian, from os-release(5). */
function debianRelease(): string {
  return /^VERSION_ID="?(\d+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
}

/** Names of the installed packages. Reading dpkg's own file is ten times as fast as asking dpkg-query. */
function installedPackages(): Set<string> {
  let text: string;
  try {
    text = readFileSync(dpkgStatus, "latin1");
  } catch (error) {
    throw new EnvironmentError(`cannot read ${dpkgStatus}`, "use a Debian 12 machine", { cause: error });
  }
  const names = new Set<string>();
  for (const match of text.matchAll(/^Package: (.+)\n(?:.+\n)*?Status: install ok installed$/gm)) {
    if (match[1] !== undefined) names.add(match[1]);
  }
  return names;
}

/** What to put in front of apt-get: nothing for root, sudo where it needs no password. */
function privilege(names: readonly string[]): string[] {
  if (process.getuid?.() === 0) return [];
  if (spawnSync("sudo", ["-n", "true"]).status === 0) return ["sudo", "-n"];
  throw new EnvironmentError(
    `packages are missing and this user may not install them: ${names.join(", ")}`,
    command(names),
  );
}

function command(names: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install --no-install-recommends ${names.join(" ")}`;
}

/** Runs apt-get; its status lines drive the bar, of which downloading is the first half and installing the second. */
function apt(prefix: readonly string[], args: readonly string[], bar?: Bar): Promise<CommandResult> {
  const line = [
    ...prefix,
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=300",
    ...(bar ? ["-o", "APT::Status-Fd=3"] : []),
    ...args,
  ];
  const [file = "apt-get", ...rest] = line;
  const onStatusLine = (text: string): void => {
    const match = /^(dlstatus|pmstatus):[^:]*:([\d.]+):(.*)$/.exec(text);
    if (match) bar?.update(Number(match[2]) + (match[1] === "pmstatus" ? 100 : 0), match[3]);
  };
  const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
  return runCommand(file, rest, { env, ...(bar ? { onStatusLine } : {}) });
}
