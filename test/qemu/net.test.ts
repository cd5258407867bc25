/** The network under Xen itself, with Linux's netback: a bridge in dom0, and guests at it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { checksum, isUdpRight } from "../unit/net/frames.ts";
import { shippedImages } from "./kernel.ts";

type Guest = Awaited<ReturnType<Rig["create"]>>;

let rig: Rig;
const image = "/run/xenlet";
const netPeer = "/run/net-peer";
const first = "169.254.1.1";
const second = "169.254.1.2";

test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await shippedImages();
  rig = await Rig.start();
  await rig.put(kernel.image, image);
  await rig.put(buildNetPeer(), netPeer, 0o755);
});
test.after.always(() => rig?.stop());

/** The program with which dom0 asks for echoes. */
function buildNetPeer(): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "xenlet-test-"));
  try {
    const program = join(directory, "net-peer");
    const source = join(import.meta.dirname, "fixtures/net-peer.c");
    execFileSync("gcc", ["-O1", "-static", source, "-o", program]);
    return readFileSync(program);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function start(name: string, address: string, vifs = ["bridge=xenbr0"]): Promise<Guest> {
  const guest = await rig.create({
    name,
    kernel: image,
    memoryMb: 32,
    extra: `ip=${address}/16`,
    config: { vif: vifs },
  });
  if (vifs.length > 0) await guest.console.waitFor(/^.*eth0: connected/m, 15_000);
  return guest;
}

/** What the monitor answers, up to its next prompt. */
async function ask(guest: Guest, command: string, end = /^> $/m): Promise<string> {
  const from = guest.console.text.length;
  guest.console.write(`${command}\r`);
  await guest.console.waitFor(new RegExp(`${command}`), 5000);
  await guest.console.waitFor(end, 30_000);
  return guest.console.text.slice(from);
}

/** Runs a command in dom0 that has to go well. */
async function dom0(t: ExecutionContext, command: string): Promise<string> {
  const { status, stdout, stderr } = await rig.exec(command, { timeoutMs: 60_000 });
  t.is(status, 0, `${command}: ${stdout}${stderr}`);
  return stdout;
}

/** The domain's number, and the name of its interface in dom0. */
async function vifOf(
  t: ExecutionContext,
  name: string,
): Promise<{ domain: string; vif: string; back: string }> {
  const domain = (await dom0(t, `xl domid ${name}`)).trim();
  return { domain, vif: `vif${domain}.0`, back: `/local/domain/0/backend/vif/${domain}/0` };
}

/** Free buffers, and those that there are at all. */
async function buffers(guest: Guest): Promise<string> {
  return /buffers: \d+, \d+ free/.exec(await ask(guest, "netstat"))?.[0] ?? "";
}

test.serial("dom0's pings of every size class are answered, byte for byte", async (t) => {
  await using guest = await start("sizes", first);
  for (const size of [0, 1, 56, 1471, 1472, 1473, 2952, 9000, 32768, 65507]) {
    t.regex(await dom0(t, `${netPeer} icmp ${first} ${size} 3 1`), /^right 3 wrong 0 lost 0/m, `${size}`);
  }
  t.notRegex(guest.console.text, /error|refused|panic/);
});

test.serial("a flood of pings loses nothing", async (t) => {
  await using guest = await start("flood", first);
  t.regex(await dom0(t, `${netPeer} icmp ${first} 56 3000 32`), /^right 3000 wrong 0 lost 0/m);
  t.regex(await dom0(t, `${netPeer} icmp ${first} 1472 1000 32`), /^right 1000 wrong 0 lost 0/m);
  const { vif } = await vifOf(t, "flood");
  t.is(await dom0(t, `cat /sys/class/net/${vif}/statistics/tx_dropped`), "0\n", "netback reports no loss");
  const shown = await ask(guest, "ifconfig");
  const [, rounds = "0"] = /(\d+) rounds/.exec(shown) ?? [];
  t.true(Number(rounds) < 4000, `one round serves many frames: ${rounds}`);
  t.notRegex(guest.console.text, /error|refused|panic/);
});

test.serial("datagrams of every size class come back as they were", async (t) => {
  await using guest = await start("udp", first);
  await ask(guest, "udp-echo");
  for (const size of [0, 1, 1471, 1472, 1473, 9000, 65507]) {
    t.regex(await dom0(t, `${netPeer} udp ${first} ${size} 3 1`), /^right 3 wrong 0 lost 0/m, `${size}`);
  }
  t.regex(await dom0(t, `${netPeer} udp ${first} 1000 1000 16`), /^right 1000 wrong 0 lost 0/m);
  t.regex(await ask(guest, "udp-echo off"), /1021 datagrams were sent back, 0 could not be/);
});

test.serial("a port that nobody has, and a host that is not there, are reported", async (t) => {
  await using guest = await start("errors", first);
  const refused = await rig.exec(`${netPeer} udp ${first} 10 1 1`, { timeoutMs: 20_000 });
  t.not(refused.status, 0);
  t.regex(await ask(guest, "netstat"), /icmp: [1-9]\d* errors sent, 0 withheld/);
  t.regex(await ask(guest, "ping 169.254.9.9 1", /answered/), /169\.254\.9\.9: no answer/);
});

/** The frames of a pcap file that the monitor printed in hex. */
function framesOf(shown: string): Buffer[] {
  const lines = [...shown.matchAll(/^pcap: ([0-9a-f]+)/gm)].map(([, hex = ""]) => hex);
  const file = Buffer.from(lines.join(""), "hex");
  if (file.readUInt32LE(0) !== 0xa1b23c4d || file.readUInt32LE(20) !== 1) throw new Error("no pcap file");
  const frames: Buffer[] = [];
  for (let at = 24; at < file.length;) {
    const length = file.readUInt32LE(at + 8);
    frames.push(file.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
}

/** netback starts anew, with a node of its directory set to 1. The hotplug script's work is done by hand. */
async function restartBackEnd(t: ExecutionContext, name: string, node: string): Promise<void> {
  const { domain, vif, back } = await vifOf(t, name);
  const driver = "/sys/bus/xen-backend/drivers/vif";
  await dom0(t, `echo vif-${domain}-0 > ${driver}/unbind`);
  await dom0(t, `xenstore-write ${back}/${node} 1 ${back}/state 1`);
  await dom0(t, `echo vif-${domain}-0 > ${driver}/bind`);
  await dom0(t, `ip link set ${vif} master xenbr0 && ip link set ${vif} up`);
  await dom0(t, `xenstore-write ${back}/hotplug-status connected`);
}

/** Captures while datagrams go to and fro, and looks at every checksum. */
async function capturesWell(t: ExecutionContext, guest: Guest): Promise<void> {
  const from = guest.console.text.length;
  guest.console.write("capture 20 pcap\r");
  await guest.console.waitFor(/capture 20 pcap/, 5000);
  await dom0(t, `sleep 0.3; ${netPeer} udp ${first} 301 10 1`);
  await guest.console.waitFor(/^20 frames, 0 found no room/m, 20_000);
  const datagrams = framesOf(guest.console.text.slice(from)).filter(
    (frame) => frame.readUInt16BE(12) === 0x800 && frame[23] === 17,
  );
  t.true(datagrams.length >= 10, `${datagrams.length}`);
  for (const frame of datagrams) {
    const address = (at: number): string => frame.subarray(at, at + 4).join(".");
    t.is(checksum(frame.subarray(14, 34)), 0, "of the IPv4 header");
    t.true(isUdpRight(frame.subarray(34), address(26), address(30)), frame.toString("hex"));
  }
}

test.serial(
  "captures show right checksums with offload, and without it after the back end was restarted",
  async (t) => {
    await using guest = await start("capture", first);
    await ask(guest, "udp-echo");
    await capturesWell(t, guest);
    await restartBackEnd(t, "capture", "feature-no-csum-offload");
    await guest.console.waitFor(/eth0: connected/, 20_000);
    await dom0(t, `for i in $(seq 50); do ping -c 1 -W 1 ${first} && exit 0; sleep 0.2; done; exit 1`);
    await capturesWell(t, guest);
    t.regex(await dom0(t, `${netPeer} udp ${first} 1472 100 8`), /^right 100 wrong 0 lost 0/m);
  },
);

test.serial("two guests at one bridge ping each other", async (t) => {
  await using one = await start("one", first);
  await using two = await start("two", second);
  t.regex(await ask(one, `ping ${second} 3`, /answered/), /3 sent, 3 answered/);
  t.regex(await ask(two, `ping ${first} 3 9000`, /answered/), /3 sent, 3 answered/);
  t.regex(await ask(one, "arp"), /169\.254\.1\.2 00:16:3e:.* reachable on eth0/);
});

test.serial("devices come and go 20 times, and leave nothing behind", async (t) => {
  await using guest = await start("plug", first, []);
  const { domain } = await vifOf(t, "plug");
  for (let cycle = 0; cycle < 20; cycle++) {
    await dom0(t, "xl network-attach plug bridge=xenbr0");
    await guest.console.waitFor(/eth\d: connected/, 15_000);
    await dom0(t, `${netPeer} icmp ${first} 3000 2 1`);
    await dom0(t, `xl network-detach plug $(xenstore-list /local/domain/${domain}/device/vif)`);
  }
  await guest.console.waitFor(/eth\d: unplugged/, 15_000);
  t.is(await buffers(guest), "buffers: 256, 256 free");
  t.notRegex(guest.console.text, /error|refused|panic/);
});

test.serial("xl destroy leaves dom0 without a trace of the device", async (t) => {
  const guest = await start("gone", first);
  const { vif, back } = await vifOf(t, "gone");
  await dom0(t, `${netPeer} icmp ${first} 65507 5 2`);
  await guest.destroy();
  await dom0(t, `for i in $(seq 50); do [ -e /sys/class/net/${vif} ] || exit 0; sleep 0.1; done; exit 1`);
  t.not((await rig.exec(`xenstore-read ${back}/state`)).status, 0);
  t.notRegex(await dom0(t, "dmesg"), /xenvif.*(error|invalid|bad)/i);
});
