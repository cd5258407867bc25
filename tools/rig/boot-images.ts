/** Takes the hypervisor and the Linux kernel out of the compressed forms in which Debian packages them. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { EnvironmentError } from "./verdict.ts";

/** The hypervisor as the ELF file that QEMU's multiboot loader takes, and its version ("4.17"). */
export function readXen(root: string): { image: Uint8Array; version: string } {
  const name = newest(join(root, "boot"), /^xen-(\d+\.\d+).*\.gz$/);
  return { image: gunzipSync(readFileSync(join(root, "boot", name.file))), version: name.version };
}

/**
 * The Linux kernel as the uncompressed ELF file (Xen loads that several seconds faster under emulation than a bzImage),
 * and its release name ("6.1.0-…-amd64").
 */
export function readLinux(root: string): { image: Uint8Array; release: string } {
  const name = newest(join(root, "boot"), /^vmlinuz-(.+)$/);
  return {
    image: unpackBzImage(readFileSync(join(root, "boot", name.file)), name.file),
    release: name.version,
  };
}

function newest(directory: string, pattern: RegExp): { file: string; version: string } {
  const order = new Intl.Collator("en", { numeric: true }).compare;
  const file = readdirSync(directory)
    .filter((name) => pattern.test(name))
    .sort(order)
    .at(-1);
  const version = file === undefined ? undefined : pattern.exec(file)?.[1];
  if (file === undefined || version === undefined) {
    throw new EnvironmentError(
      `no file like ${pattern} in ${directory}`,
      "run `npm run rig -- rebuild --packages`",
    );
  }
  return { file, version };
}

/**
 * The payload of a bzImage. Its place is in the boot protocol's header (Documentation/arch/x86/boot.rst): `setup_sects`
 * at 0x1f1, `payload_offset` at 0x248 and `payload_length` at 0x24c, relative to the protected-mode code.
 */
function unpackBzImage(file: Buffer, name: string): Uint8Array {
  if (file.toString("latin1", 0x202, 0x206) !== "HdrS") throw new Error(`${name} is no bzImage`);
  const code = ((file[0x1f1] || 4) + 1) * 512;
  const start = code + file.readUInt32LE(0x248);
  const payload = file.subarray(start, start + file.readUInt32LE(0x24c));
  if (payload.readUInt32BE(0) === 0x7f454c46) return payload;
  if (payload.readUInt16BE(0) === 0x1f8b) return gunzipSync(payload);
  return unxz(payload, name);
}

function unxz(payload: Buffer, name: string): Uint8Array {
  // The kernel's build appends the unpacked size (4 bytes) to the stream, which --single-stream leaves alone.
  const result = spawnSync("xz", ["--decompress", "--stdout", "--single-stream"], {
    input: payload,
    maxBuffer: 1 << 28,
  });
  if (result.error ?? result.status !== 0) {
    const reason = result.error?.message ?? result.stderr.toString();
    throw new EnvironmentError(`xz cannot unpack ${name}: ${reason}`, "apt-get install xz-utils");
  }
  return result.stdout;
}
