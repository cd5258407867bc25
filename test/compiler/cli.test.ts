/** The command `xenlet` as people and scripts use it: what it writes, and its exit status. */
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { catalogue } from "../../compiler/diagnostics/catalogue.ts";

const root = path.resolve(import.meta.dirname, "../..");
const program = path.join(root, "compiler/xenlet.mjs");
const directory = mkdtempSync(path.join(tmpdir(), "xenlet-cli-"));
test.after.always(() => {
  rmSync(directory, { recursive: true });
});

function xenlet(args: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const environment = { ...process.env, FORCE_COLOR: undefined, ...env };
  return spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: "utf8", env: environment });
}

function write(name: string, text: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

const hello = (text: string): string =>
  `import { print } from "xenlet:host";\nexport function main(): i32 {\n  print("${text}");\n  return 0;\n}\n`;

test("build makes a program of Linux", (t) => {
  const output = path.join(directory, "hello");
  const result = xenlet(["build", write("hello.ts", hello("hi")), "--target", "host", "-o", output]);
  t.is(result.status, 0, result.stderr);
  t.is(result.stderr, "");
  t.is(spawnSync(output, { encoding: "utf8" }).stdout, "hi\n");
});

test("a refused program is exit status 1, with its diagnostics on standard error", (t) => {
  const file = write("refused.ts", "export function main(): i32 {\n  let a: number = 1;\n  return 0;\n}\n");
  for (const command of ["build", "check"]) {
    const result = xenlet([command, file, "--target", "host"]);
    t.is(result.status, 1);
    t.is(result.stdout, "");
    t.regex(result.stderr, /refused\.ts:2:10 - error XL2001: /);
    t.regex(result.stderr, /Found 1 error\.\n$/);
  }
  t.true(xenlet(["check", file, "-t", "host"], { FORCE_COLOR: "1" }).stderr.includes("\u001b[31;1merror"));
});

test("wrong use is exit status 2", (t) => {
  t.is(xenlet(["build", "--no-such-option"]).status, 2);
  t.is(xenlet(["build", "--target", "mars"]).status, 2);
  const missing = xenlet(["build", "no/such.ts"]);
  t.is(missing.status, 2);
  t.regex(missing.stderr, /no\/such\.ts: expected the program's entry file/);
  const shared = xenlet(["build", write("a.ts", hello("a")), "--shared"]);
  t.is(shared.status, 2);
  t.regex(shared.stderr, /--target host/);
});

test("a missing C compiler is exit status 3, with what to install", (t) => {
  const file = write("tool.ts", hello("a"));
  const result = xenlet(["build", file, "-t", "host", "-o", path.join(directory, "tool")], {
    PATH: "/nowhere",
  });
  t.is(result.status, 3);
  t.regex(result.stderr, /apt-get install --no-install-recommends clang/);
});

test("C that the C compiler refuses is told as our own defect, and kept", (t) => {
  const fake = path.join(directory, "bin");
  spawnSync("mkdir", ["-p", fake]);
  writeFileSync(path.join(fake, "clang"), "#!/bin/sh\necho 'program.c:1: error: odd' >&2\nexit 1\n", {
    mode: 0o755,
  });
  const file = write("defect.ts", hello("a"));
  const output = path.join(directory, "defect");
  const result = xenlet(["build", file, "-t", "host", "-o", output], { PATH: fake });
  t.is(result.status, 3);
  t.regex(result.stderr, /defect of xenlet, not of your program/);
  t.regex(result.stderr, /program\.c:1: error: odd/);
  const kept = /kept in (\S+);/.exec(result.stderr)?.[1] ?? "";
  t.regex(readFileSync(path.resolve(root, kept), "utf8"), /#include "xenlet\.h"/);
});

test("explain says what the catalogue says, for every code", (t) => {
  const result = xenlet(["explain", "xl2001"]);
  t.is(result.status, 0);
  t.true(result.stdout.startsWith(`XL2001: ${catalogue.numberType.message}`));
  t.is(xenlet(["explain", "XL9999"]).status, 2);
});

test("--emit-c and --dump show the stages", (t) => {
  const file = write("stages.ts", hello("stage"));
  const output = path.join(directory, "stages.c");
  t.is(xenlet(["build", file, "-t", "host", "--emit-c", "-o", output]).status, 0);
  t.regex(readFileSync(output, "utf8"), /#line \d+ ".*stages\.ts"/);
  t.regex(xenlet(["build", file, "-t", "host", "--dump=c"]).stdout, /xl_main/);
  t.regex(xenlet(["build", file, "-t", "host", "--dump=ast"]).stdout, /SourceFile/);
  t.is(xenlet(["build", file, "--dump=nothing"]).status, 2);
});

test("the same program gives the same bytes", (t) => {
  const file = write("same.ts", hello("same"));
  const bytes = ["one", "two"].map((name) => {
    const output = path.join(directory, name);
    t.is(xenlet(["build", file, "-t", "host", "-o", output]).status, 0);
    return readFileSync(output);
  });
  t.deepEqual(bytes[0], bytes[1]);
});

test("--help tells the exit statuses", (t) => {
  const result = xenlet(["build", "--help"]);
  t.is(result.status, 0);
  t.regex(result.stdout, /Exit status:\s+0 {2}done\s+1 {2}the program was refused/);
});

test("--watch builds again when a source changes, also after a refusal", async (t) => {
  const file = write("watched.ts", hello("one"));
  const output = path.join(directory, "watched");
  const child = spawn(process.execPath, [program, "build", file, "-t", "host", "-o", output, "--watch"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const rounds = async (count: number): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (said.split("watching").length - 1 < count) {
      if (Date.now() > deadline) throw new Error(`no round ${count} within a minute: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const printed = (): string => spawnSync(output, { encoding: "utf8" }).stdout;
  try {
    await rounds(1);
    t.is(printed(), "one\n");
    writeFileSync(file, hello("two").replace("i32", "u8x"));
    await rounds(2);
    t.regex(said, /error TS2304/);
    t.is(printed(), "one\n");
    writeFileSync(file, hello("three"));
    await rounds(3);
    t.is(printed(), "three\n");
  } finally {
    child.kill();
  }
});
