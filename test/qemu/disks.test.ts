/** Disks on real Xen, with Linux's blkback: what we write Linux reads, and the reverse; devices that come, go and start anew. */
import { setTimeout as sleep } from "node:timers/promises";
import { crc32 } from "node:zlib";
import test from "ava";

import type { Guest } from "../../tools/rig/guest.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { shippedImages } from "./kernel.ts";

const mebibyte = 1 << 20;
const prompt = /\n> $/;
let rig: Rig;
const image = "/run/xenlet";

test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await shippedImages();
  rig = await Rig.start();
  await rig.put(kernel.image, image);
});
test.after.always(() => rig?.stop());

/** A command in dom0 that has to succeed; what it printed. */
async function dom0(command: string): Promise<string> {
  const { status, stdout, stderr } = await rig.exec(command);
  if (status !== 0) throw new Error(`${command}: status ${status}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Files of zeros for disks, in place of those of the test before: dom0's file system is memory. */
async function makeImages(...images: readonly string[]): Promise<void> {
  await dom0("rm -f /run/*.img");
  for (const sizeAndPath of images) await dom0(`truncate -s ${sizeAndPath}`);
}

/** What the console showed since `from`, without carriage returns. */
function shownSince(guest: Guest, from: number): string {
  return guest.console.text.slice(from).replaceAll("\r", "");
}

/** Says a line to the monitor; what it answers. */
async function ask(guest: Guest, line: string, timeoutMs = 60_000): Promise<string> {
  const from = guest.console.text.length;
  guest.console.write(`${line}\n`);
  await until(timeoutMs, line, () => prompt.test(shownSince(guest, from)));
  return shownSince(guest, from);
}

async function until(timeoutMs: number, what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + timeoutMs; !holds(); await sleep(20)) {
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
  }
}

/** A guest whose monitor is ready, and that knows the disks named. */
async function boot(name: string, disk: readonly string[], known: readonly string[]): Promise<Guest> {
  const guest = await rig.create({ name, kernel: image, memoryMb: 32, config: { disk } });
  await guest.console.waitFor(/> /, 20_000);
  for (const one of known) await guest.console.waitFor(new RegExp(`${one}: connected`), 20_000);
  return guest;
}

/** The bytes that `dd pattern` writes. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const mask = (1n << 64n) - 1n;
  for (let index = 0; index * 8 < length; index++) {
    let word = (BigInt(index + 1) * 0x9e3779b97f4a7c15n) & mask;
    word = ((word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    bytes.writeBigUInt64LE(word ^ (word >> 27n), index * 8);
  }
  return bytes;
}

function hexadecimal(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}

test.serial("a disk of 64 MB that we wrote is what Linux reads, and the reverse", async (t) => {
  await makeImages("64M /run/whole.img");
  await using guest = await boot("whole", ["file:/run/whole.img,xvda,w"], ["xvda"]);
  const written = await ask(guest, "dd pattern xvda");
  const ours = hexadecimal(crc32(pattern(64 * mebibyte)));
  t.regex(written, new RegExp(`131072 sectors in \\d+ ms, \\d+ MB/s, crc32 ${ours}`));
  t.is(await dom0(sumOf("/run/whole.img")), ours, "what Linux finds in the file");
  await dom0("dd if=/dev/urandom of=/run/whole.img bs=1M count=64 conv=notrunc");
  const theirs = await dom0(sumOf("/run/whole.img"));
  t.regex(await ask(guest, "dd xvda null"), new RegExp(`131072 sectors in .*crc32 ${theirs}`));
  t.regex(await ask(guest, "disk-verify xvda"), /not the pattern from byte 0 on/);
});

/** A command that prints a file's CRC-32. */
function sumOf(file: string): string {
  const program =
    "import sys,zlib;s=0\nwith open(sys.argv[1],'rb') as f:\n for b in iter(lambda:f.read(1<<20),b''): s=zlib.crc32(b,s)\nprint('%08x'%s)";
  return `python3 -c "${program}" ${file}`;
}

test.serial("two disks are used at once, by their names; a read-only one is not written", async (t) => {
  await makeImages("4M /run/one.img", "8M /run/two.img");
  const disks = ["file:/run/one.img,xvda,w", "file:/run/two.img,hdc,r", "file:/run/one.img,xvdq,w"].slice(
    0,
    2,
  );
  await using guest = await boot("pair", disks, ["xvda", "hdc"]);
  await ask(guest, "dd pattern xvda");
  t.regex(await ask(guest, "dd hdc xvda"), /8192 sectors/);
  t.regex(await ask(guest, "hexdump xvda 8191"), /003fffd0 {2}0000000000000000 0000000000000000/);
  t.regex(await ask(guest, "dd pattern hdc 8"), /failed: the disk is read-only/);
  t.regex(await ask(guest, "dd xvda null 8193"), /failed: past the end of the disk/);
  t.regex(await ask(guest, "disks"), /hdc: 16384 sectors \(8 MiB\), blocks of 512, read-only, connected/);
});

test.serial("a disk that is taken away in the middle of a copy ends the copy, not the kernel", async (t) => {
  await makeImages("64M /run/plug.img");
  await using guest = await boot("plug", [], []);
  await dom0("xl block-attach plug file:/run/plug.img xvdb w");
  await guest.console.waitFor(/xvdb: connected: 131072 sectors/, 20_000);
  const from = guest.console.text.length;
  guest.console.write("dd pattern xvdb\n");
  await sleep(150);
  await dom0("xl block-detach plug xvdb");
  await until(20_000, "the copy ends", () => prompt.test(shownSince(guest, from)));
  t.regex(shownSince(guest, from), /failed: the disk is gone/);
  await guest.console.waitFor(/xvdb: gone/, 10_000);
  t.regex(await ask(guest, "dd xvdb null"), /no disk is called xvdb/);
});

test.serial("a back end that starts anew gets what was under way again", async (t) => {
  await makeImages("64M /run/anew.img");
  await using guest = await boot("anew", ["file:/run/anew.img,xvda,w"], ["xvda"]);
  const from = guest.console.text.length;
  guest.console.write("dd pattern xvda\n");
  for (let i = 0; i < 3; i++) {
    await sleep(150);
    await dom0(`xenstore-write /local/domain/0/backend/vbd/${guest.domainId}/51712/state 5`);
  }
  await until(60_000, "the copy ends", () => prompt.test(shownSince(guest, from)));
  t.regex(shownSince(guest, from), /131072 sectors in /);
  t.true([...shownSince(guest, from).matchAll(/xvda: connected/g)].length >= 1, shownSince(guest, from));
  t.regex(await ask(guest, "disk-verify xvda"), /all of it is the pattern/);
});

test.serial("a guest that is destroyed leaves no grant and no back end", async (t) => {
  await makeImages("4M /run/gone.img");
  const guest = await boot("gone", ["file:/run/gone.img,xvda,w"], ["xvda"]);
  await ask(guest, "dd pattern xvda");
  await dom0("xl debug-keys g");
  t.regex(grantsOf(await dom0("xl dmesg"), guest.domainId), /0x[0-9a-f]+/, "the key shows what there is");
  guest.console.write("dd pattern xvda\n");
  await dom0("xl destroy gone");
  await sleep(500);
  t.is(await dom0("xenstore-ls /local/domain/0/backend/vbd | grep -c gone.img || true"), "0");
  t.is(await dom0("losetup -a | grep -c gone.img || true"), "0");
  await dom0("xl dmesg -c > /dev/null; xl debug-keys g");
  t.is(grantsOf(await dom0("xl dmesg"), guest.domainId), "", "no domain of that number holds anything");
});

/** What Xen's debug key `g` says of the active grants of a domain. */
function grantsOf(log: string, domain: number): string {
  const sections = log.split(/(?=gnttab_usage_print )/);
  return sections
    .filter((section) => new RegExp(`remote dom:|grant-table for remote d${domain}\\b`).test(section))
    .join("");
}
