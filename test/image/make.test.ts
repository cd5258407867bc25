/** mkimage: what it writes for a good kernel, and that it writes nothing for a bad one. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import test from "ava";

import { checkImage } from "../../tools/image/check.ts";
import { readElf, readFunctionSymbols } from "../../tools/image/elf.ts";
import { makeImage } from "../../tools/image/make.ts";
import { renderXlConfig } from "../../tools/image/xl-config.ts";
import { buildGuest, projectRoot, temporaryDirectory } from "./fixtures/guest.ts";
import { Patch } from "./fixtures/patch.ts";

const guest = await buildGuest("hello");

function mkimage(...args: string[]): { status: number | null; output: string; errors: string } {
  const line = ["--import=tsx", path.join(projectRoot, "tools/mkimage.ts"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, line, {
    cwd: projectRoot,
    encoding: "utf8",
  });
  return { status, output: stdout, errors: stderr };
}

test("a good kernel becomes a stripped image, the same gzip'ed, and a configuration", async (t) => {
  const outputDir = temporaryDirectory();
  const outcome = await makeImage({ elf: guest.elf, outputDir, name: "hello", memoryMiB: 8, extra: "quiet" });
  if (!outcome.ok) return t.fail("refused");
  const image = readFileSync(outcome.image);
  t.is(outcome.image, path.join(outputDir, "hello"));
  t.deepEqual(gunzipSync(readFileSync(outcome.gzip)), image);
  t.deepEqual(outcome.bytes, { image: image.length, gzip: readFileSync(outcome.gzip).length });
  t.deepEqual(checkImage(image), []);
  const { elf } = readElf(image);
  t.true(elf?.sections.some(({ name }) => name === "__xen_guest"));
  t.false(elf?.sections.some(({ name }) => name.startsWith(".debug") || name === ".symtab"));
  t.deepEqual(elf && readFunctionSymbols(elf), []);
  const config = readFileSync(outcome.config, "utf8");
  for (const line of [
    'name   = "hello"',
    'type   = "pv"',
    `kernel = "${outcome.image}"`,
    'extra  = "quiet"',
    "memory = 8",
  ]) {
    t.true(config.includes(line), line);
  }
});

test("the same kernel gives the same bytes each time", async (t) => {
  const [first, second] = [temporaryDirectory(), temporaryDirectory()];
  await makeImage({ elf: guest.elf, outputDir: first, name: "x" });
  await makeImage({ elf: guest.elf, outputDir: second, name: "x" });
  t.deepEqual(readFileSync(path.join(first, "x.gz")), readFileSync(path.join(second, "x.gz")));
});

test("a stripped image still knows the lines of its text", async (t) => {
  const outputDir = temporaryDirectory();
  const outcome = await makeImage({ elf: guest.elf, outputDir, name: "x" });
  if (!outcome.ok) return t.fail("refused");
  const bad = new Patch(readFileSync(outcome.image)).text(0x1000, Buffer.from([0xf4])); // hlt instead of head.S's cld
  const subjects = checkImage(bad.bytes).map(({ subject }) => subject.replace(/:\d+\)/, ":N)"));
  t.deepEqual(subjects, ["start (boot/head.S:N) at 0xffffffff80001000"]);
});

test("the command makes the files and says how large they are", (t) => {
  const outputDir = temporaryDirectory();
  const { status, output } = mkimage(
    guest.elf,
    "-o",
    outputDir,
    "-n",
    "guest",
    "--kernel-path",
    "/images/guest",
    "-m",
    "16",
  );
  t.is(status, 0);
  t.regex(output, /guest {2}\d+ bytes\n.*guest\.gz {2}\d+ bytes\n.*guest\.cfg\n/);
  t.regex(readFileSync(path.join(outputDir, "guest.cfg"), "utf8"), /kernel = "\/images\/guest"/);
});

test("a bad kernel is refused with status 1, each reason, and no file", (t) => {
  const outputDir = temporaryDirectory();
  const elf = path.join(outputDir, "bad.elf");
  writeFileSync(elf, new Patch(guest.bytes).header("e_type", 3n).segment(2, "p_flags", 7n).bytes);
  const { status, errors } = mkimage(elf);
  t.is(status, 1);
  t.regex(errors, /bad\.elf: ELF header: expected ET_EXEC \(2\), got ET_DYN \(3\) \[wrong-type\]/);
  t.regex(errors, /bad\.elf: segment 2: expected writable or executable, got both/);
  t.regex(errors, /2 finding\(s\)/);
  for (const suffix of ["", ".gz", ".cfg"]) t.false(existsSync(path.join(outputDir, `bad${suffix}`)));
});

test("a kernel that is not there, or an option that makes no sense, is status 2", (t) => {
  t.is(mkimage("/nonexistent/xenlet.elf").status, 2);
  t.regex(mkimage("/nonexistent/xenlet.elf").errors, /ENOENT.*\/nonexistent\/xenlet\.elf/);
  t.is(mkimage(guest.elf, "-m", "0").status, 2);
  t.is(mkimage().status, 2);
});

test("an image never replaces the kernel that it is made from", async (t) => {
  const elf = path.join(temporaryDirectory(), "kernel");
  writeFileSync(elf, guest.bytes);
  await t.throwsAsync(makeImage({ elf }), { message: /would replace the kernel/ });
  t.deepEqual(readFileSync(elf), guest.bytes);
});

test("a configuration quotes what it can and refuses what it cannot", (t) => {
  const config = { name: "n", kernel: "/k", memoryMiB: 1 };
  t.regex(renderXlConfig({ ...config, extra: 'say="hi"' }), /extra {2}= 'say="hi"'/);
  t.throws(() => renderXlConfig({ ...config, extra: `"'` }), { instanceOf: RangeError });
  t.throws(() => renderXlConfig({ ...config, extra: "a\nb" }), { instanceOf: RangeError });
});

test("without objdump nothing is called good", (t) => {
  const line = [
    "--import=tsx",
    path.join(projectRoot, "tools/mkimage.ts"),
    guest.elf,
    "-o",
    temporaryDirectory(),
  ];
  const env = { ...process.env, PATH: "/nonexistent" };
  const { status, stderr } = spawnSync(process.execPath, line, { cwd: projectRoot, encoding: "utf8", env });
  t.is(status, 1);
  t.regex(
    stderr,
    /segment 0: expected objdump to list it, got .*ENOENT \[disassembler-failed\]\n.*apt install binutils/,
  );
});

test("every code of a finding is seen in a test", (t) => {
  const declared = readFileSync(path.join(projectRoot, "tools/image/finding.ts"), "utf8").matchAll(
    /^ {2}\| "([a-z-]+)"/gm,
  );
  const tests = ["check", "instructions", "make"].map((name) =>
    path.join(import.meta.dirname, `${name}.test.ts`),
  );
  const text = tests.map((file) => readFileSync(file, "utf8")).join("\n");
  for (const [, code] of declared) t.true(text.includes(`"${code}"`) || text.includes(`${code}\\]`), code);
});
