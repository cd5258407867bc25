// Runs one of the project's TypeScript programs on a machine that may have nothing but Node and npm:
//
//     node tools/bootstrap.mjs <script.ts> [arguments]
//
// Checks Node and the operating system, installs the npm packages when they are not what package-lock.json says, then runs
// the script with the terminal, the signals and the exit code passed through. Plain JavaScript without dependencies,
// because it runs before there are any. What Debian packages a program needs it asks for itself (tools/setup/host.ts).
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** tools/rig/verdict.ts: the environment is broken, which says nothing about the kernel. */
const ENVIRONMENT = 4;
const OLDEST_NODE = 20;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

main(process.argv.slice(2));

function main([script, ...args]) {
  if (script === undefined) stop("no script given", "node tools/bootstrap.mjs <script.ts> [arguments]");
  checkNode();
  checkSystem();
  if (!npmPackagesAreCurrent()) installNpmPackages();
  run(resolve(script), args);
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE) {
    stop(
      `expected Node ${OLDEST_NODE} or newer, this is ${process.version}`,
      "install a newer Node, e.g. from nodejs.org",
    );
  }
}

function checkSystem() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    stop(
      `expected Linux on x86-64, this is ${process.platform} on ${process.arch}`,
      "use a Debian 12 machine, real or virtual",
    );
  }
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const id = /^ID="?([^"\n]*)/m.exec(release)?.[1];
  const version = /^VERSION_ID="?([^"\n]*)/m.exec(release)?.[1];
  if (id !== "debian") {
    stop(
      `expected Debian 12, this is ${id ?? "unknown"}`,
      "use a Debian 12 machine, real, virtual or a container",
    );
  }
  if (version !== "12")
    console.error(`bootstrap: this is Debian ${version ?? "without a number"}; only 12 has been tried`);
}

/** Whether what npm has installed (its hidden lock file says) is what package-lock.json asks for. */
function npmPackagesAreCurrent() {
  const hidden = join(root, "node_modules/.package-lock.json");
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  // An optional package may be for another platform, and is not installed then.
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || installed[path]?.version === entry.version,
  );
}

function installNpmPackages() {
  console.error(
    "bootstrap: installing the npm packages, once (npm install, with the versions of package-lock.json)",
  );
  // Not `npm ci`: it refuses a lock file without an entry for each optional dependency, and porffor names some for other
  // platforms that its publishers never uploaded. With --no-save, install takes the lock file's versions and keeps it.
  const args = ["install", "--no-save", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = spawnSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.error !== undefined) stop(`npm does not run: ${result.error.message}`, "install npm");
  if (result.status !== 0)
    stop(`npm install failed (status ${result.status})`, "read npm's message above; check the network");
}

function run(script, args) {
  const loader = import.meta.resolve("tsx");
  const child = spawn(process.execPath, [`--import=${loader}`, script, ...args], { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  // The child decides what a signal means; this process only outlives it.
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => stop(`cannot start Node: ${error.message}`, "check the installation of Node"));
  child.on("exit", (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
}

function stop(what, remedy) {
  console.error(`bootstrap: ${what}\n  what to do: ${remedy}`);
  process.exit(ENVIRONMENT);
}
