/** The kernel as a program: both C compilers build and link it, and twice the same. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "ava";
import { build } from "../../compiler/build/build.ts";
import { type CCompiler, cCompilers } from "../../compiler/build/cc.ts";
import { renderDiagnostics } from "../../compiler/diagnostics/render.ts";

const directory = mkdtempSync(path.join(tmpdir(), "xenlet-kernel-"));
test.after.always(() => {
  rmSync(directory, { recursive: true });
});

/** Builds the kernel, and returns the ELF's bytes. */
async function buildKernel(compiler: CCompiler, checked: boolean): Promise<Buffer> {
  const output = path.join(directory, `${compiler}.elf`);
  const { diagnostics } = await build({
    entry: "kernel/main.ts",
    target: "x86-xen",
    shared: false,
    output,
    compiler,
    sanitize: false,
    checked,
    emitC: false,
    step: () => {},
  });
  if (diagnostics.length > 0) throw new Error(renderDiagnostics(diagnostics, { color: false }));
  return readFileSync(output);
}

for (const compiler of cCompilers) {
  test.serial(`${compiler} builds the kernel, twice the same`, async (t) => {
    const started = performance.now();
    const first = await buildKernel(compiler, true);
    t.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
    t.is(first.readUInt32BE(0), 0x7f454c46);
    const second = await buildKernel(compiler, true);
    t.true(first.equals(second), "two builds of the same sources differ");
  });
}

test.serial("--unchecked gives another kernel", async (t) => {
  const checked = await buildKernel("clang", true);
  t.false(checked.equals(await buildKernel("clang", false)));
});
