/** What goes into an initramfs, mostly copied from unpacked packages. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ArchiveEntry } from "./cpio.ts";

/** The files of an initramfs under construction, in an order in which directories precede what is in them. `root` is a tree of unpacked packages. */
export class ImageTree {
  readonly #root: string;
  readonly #entries = new Map<string, ArchiveEntry>();

  constructor(root: string) {
    this.#root = root;
  }

  entries(): ArchiveEntry[] {
    return [...this.#entries.values()];
  }

  /** All files of the image that came from the packages and can be run, as paths. */
  programs(): string[] {
    return this.entries().flatMap((entry) =>
      entry.kind === "file" && entry.mode & 0o111 ? [entry.name] : [],
    );
  }

  add(entry: ArchiveEntry): void {
    if (this.#entries.has(entry.name)) return;
    const parent = dirname(entry.name);
    if (parent !== ".") this.directory(parent);
    this.#entries.set(entry.name, entry);
  }

  directory(name: string): void {
    this.add({ kind: "directory", name });
  }

  symlink(name: string, target: string): void {
    this.add({ kind: "symlink", name, target });
  }

  symlinkUnlessPresent(name: string, target: string): void {
    const base = name.slice(name.lastIndexOf("/") + 1);
    const elsewhere = ["bin", "sbin", "usr/bin", "usr/sbin"].some((place) =>
      this.#entries.has(`${place}/${base}`),
    );
    if (!elsewhere) this.symlink(name, target);
  }

  file(name: string, bytes: Uint8Array, mode: number): void {
    this.add({ kind: "file", name, bytes, mode });
  }

  /** Copies one path of the packages: a directory with all that is in it, a link as a link with its target. */
  copy(path: string): void {
    const source = join(this.#root, path);
    const status = lstatSync(source);
    if (status.isDirectory()) {
      this.directory(path);
      readdirSync(source).forEach((name) => this.copy(join(path, name)));
    } else if (status.isSymbolicLink()) {
      const target = readlinkSync(source);
      this.symlink(path, target);
      this.copy(target.startsWith("/") ? target.slice(1) : join(dirname(path), target));
    } else {
      this.file(path, readFileSync(source), statSync(source).mode);
    }
  }
}
