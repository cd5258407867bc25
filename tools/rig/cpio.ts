/**
 * Writes the archive format that Linux unpacks as its initramfs: cpio "newc"
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Everything belongs to root, whoever builds it.
 */

/** One thing in the archive; its name has no leading slash. */
export type ArchiveEntry =
  | { readonly kind: "directory"; readonly name: string; readonly mode?: number }
  | { readonly kind: "file"; readonly name: string; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: "symlink"; readonly name: string; readonly target: string }
  | { readonly kind: "device"; readonly name: string; readonly major: number; readonly minor: number };

const typeBits = { directory: 0o040000, file: 0o100000, symlink: 0o120000, device: 0o020000 } as const;

/** The whole archive as a list of buffers, to be written one after the other. */
export function archive(entries: readonly ArchiveEntry[]): Uint8Array[] {
  const parts = entries.flatMap((entry, index) => member(entry, index + 1));
  return [...parts, ...header("TRAILER!!!", 0, 0, 0, 0, 0)];
}

function member(entry: ArchiveEntry, inode: number): Uint8Array[] {
  const data = contents(entry);
  const [major, minor] = entry.kind === "device" ? [entry.major, entry.minor] : [0, 0];
  const head = header(
    entry.name,
    inode,
    typeBits[entry.kind] | permissions(entry),
    data.length,
    major,
    minor,
  );
  return [...head, data, padding(data.length)];
}

function contents(entry: ArchiveEntry): Uint8Array {
  if (entry.kind === "file") return entry.bytes;
  if (entry.kind === "symlink") return Buffer.from(entry.target);
  return new Uint8Array(0);
}

function permissions(entry: ArchiveEntry): number {
  if (entry.kind === "file") return entry.mode & 0o7777;
  if (entry.kind === "symlink") return 0o777;
  return entry.kind === "device" ? 0o600 : (entry.mode ?? 0o755);
}

/** Thirteen fields of eight hexadecimal digits after the magic, then the name, padded to four bytes. */
function header(
  name: string,
  inode: number,
  mode: number,
  size: number,
  major: number,
  minor: number,
): Uint8Array[] {
  const nameBytes = Buffer.from(`${name}\0`);
  const links = (mode & 0o170000) === typeBits.directory ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, major, minor, nameBytes.length, 0];
  const text = "070701" + fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  return [Buffer.from(text), nameBytes, padding(text.length + nameBytes.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array(-length & 3);
}
