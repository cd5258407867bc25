/**
 * The network under Xen itself, with Linux's netback: a bridge in dom0, and guests at it. `npm run soak` sends more, attaches
 * devices more often, also by xl, and asks at more ports.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { checksum, isUdpRight } from "../unit/net/frames.ts";
import { grantsInXen } from "./grants-in-xen.ts";
import { shippedImages } from "./kernel.ts";

type Guest = Awaited<ReturnType<Rig["create"]>>;

let rig: Rig;
const image = "/run/xenlet";
const netPeer = "/run/net-peer";
const portScan = "/run/port-scan";
const first = "169.254.1.1";
const second = "169.254.1.2";
/** What no guest says while all goes well. */
const complaint = /error: |panic/;
const soak = process.env["XENLET_SOAK"] === "1";
const soakTest = soak ? test.serial : test.serial.skip;
/** xl starts dozens of programs for a device: that takes what it takes on a machine that has other work. */
const xlLimitMs = 300_000;

test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await shippedImages();
  rig = await Rig.start();
  await rig.put(kernel.image, image);
  await rig.put(buildProgram("net-peer"), netPeer, 0o755);
  await rig.put(buildProgram("port-scan"), portScan, 0o755);
});
test.after.always(() => rig?.stop());

/** A program of fixtures/ that runs in dom0. */
function buildProgram(name: string): Buffer {
  const directory = mkdtempSync(join(tmpdir(), "xenlet-test-"));
  try {
    const program = join(directory, name);
    const source = join(import.meta.dirname, `fixtures/${name}.c`);
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
  await guest.console.waitFor(vifs.length > 0 ? /^.*eth0: connected/m : /^> /m, 60_000);
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
async function dom0(t: ExecutionContext, command: string, timeoutMs = 60_000): Promise<string> {
  const { status, stdout, stderr } = await rig.exec(command, { timeoutMs });
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

/** Waits until the guest is reached: a bridge learns up to a second later that a port's link is up. */
async function answers(t: ExecutionContext): Promise<void> {
  await dom0(t, `for i in $(seq 50); do ping -c 1 -W 1 ${first} && exit 0; sleep 0.2; done; exit 1`);
}

/** Waits until dom0 has a network interface no more. */
async function isGone(t: ExecutionContext, vif: string): Promise<void> {
  const waits = `for i in $(seq 300); do [ -e /sys/class/net/${vif} ] || exit 0; sleep 0.1; done; exit 1`;
  await dom0(t, waits);
}

/** What the kernel has of that which devices come and go with; once, when back ends have had time to let go. */
async function counts(guest: Guest): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const devices = /^\d+ devices; .*/m.exec(await ask(guest, "devices"))?.[0] ?? "";
    if (!/ 0 of them busy/.test(devices)) continue;
    return `${devices.trim()}; ${/buffers: \d+, \d+ free/.exec(await ask(guest, "netstat"))?.[0]}`;
  }
  throw new Error(`grants stay busy:\n${guest.console.text.slice(-500)}`);
}

test.serial("dom0's pings of every size class are answered, byte for byte", async (t) => {
  await using guest = await start("sizes", first);
  for (const size of [0, 1, 56, 1471, 1472, 1473, 2952, 9000, 32768, 65507]) {
    t.regex(await dom0(t, `${netPeer} icmp ${first} ${size} 3 1`), /^right 3 wrong 0 lost 0/m, `${size}`);
  }
  t.notRegex(guest.console.text, complaint);
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
  t.notRegex(guest.console.text, complaint);
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
    await answers(t);
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

/** The toolstack's part of attaching a device without xl, whose many programs take most of the time. */
async function attach(t: ExecutionContext, name: string): Promise<void> {
  const { domain, vif, back } = await vifOf(t, name);
  const front = `/local/domain/${domain}/device/vif/0`;
  const common = "mac 00:16:3e:00:00:07 handle 0 script /etc/xen/scripts/vif-bridge state 1";
  const nodes = (home: string, listed: string): string => listed.replaceAll(/(\S+) (\S+)/g, `${home}/$1 $2`);
  await dom0(
    t,
    `set -e
     xenstore-write ${back} '' ${front} ''
     xenstore-chmod ${back} n0 r${domain}
     xenstore-chmod ${front} n${domain} r0
     xenstore-write ${nodes(back, `frontend ${front} frontend-id ${domain} online 1 ${common}`)} \
       ${nodes(front, `backend ${back} backend-id 0 ${common}`)}
     for i in $(seq 300); do [ -e /sys/class/net/${vif} ] && break; sleep 0.1; done
     ip link set ${vif} master xenbr0
     ip link set ${vif} up
     xenstore-write ${back}/hotplug-status connected`,
  );
}

/** The same of detaching it: as libxl does, it asks, waits, and then removes the directories. */
async function detach(t: ExecutionContext, name: string): Promise<void> {
  const { domain, vif, back } = await vifOf(t, name);
  await dom0(t, `xenstore-write ${back}/online 0 ${back}/state 5`);
  await isGone(t, vif);
  await dom0(t, `xenstore-rm ${back} && xenstore-rm /local/domain/${domain}/device/vif/0`);
}

/** A device for a while, with frames of several slots. Returns when the guest has let go of it. */
async function cycle(
  t: ExecutionContext,
  guest: Guest,
  plug: () => Promise<void>,
  unplug: () => Promise<void>,
): Promise<void> {
  const from = guest.console.text.length;
  const said = async (what: RegExp): Promise<void> => {
    for (let i = 0; !what.test(guest.console.text.slice(from)); i++) {
      if (i === 600) throw new Error(`${what}: not said:\n${guest.console.text.slice(from)}`);
      await sleep(100);
    }
  };
  await plug();
  await said(/eth\d: connected/);
  await answers(t);
  t.regex(await dom0(t, `${netPeer} icmp ${first} 3000 2 1`), /^right 2 /m);
  await unplug();
  await said(/eth\d: unplugged/);
}

/** Cycles of attaching and detaching leave nothing behind that was not there after the first one. */
async function leavesNothing(
  t: ExecutionContext,
  cycles: number,
  plug: (name: string) => Promise<void>,
  unplug: (name: string) => Promise<void>,
): Promise<void> {
  const name = "plug";
  await using guest = await start(name, first, []);
  const once = (): Promise<void> =>
    cycle(
      t,
      guest,
      () => plug(name),
      () => unplug(name),
    );
  await once(); // the grant table's pages and the device's task are there from now on
  const before = await counts(guest);
  for (let i = 0; i < cycles; i++) await once();
  t.is(await counts(guest), before);
  t.notRegex(guest.console.text, complaint);
}

test.serial(`devices come and go ${soak ? 500 : 20} times, and leave nothing behind`, async (t) => {
  t.timeout(3_600_000);
  await leavesNothing(
    t,
    soak ? 500 : 20,
    (name) => attach(t, name),
    (name) => detach(t, name),
  );
});

soakTest("nor where it is xl that attaches and detaches", async (t) => {
  t.timeout(3_600_000);
  const list = "xenstore-list /local/domain/$(xl domid plug)/device/vif";
  await leavesNothing(
    t,
    20,
    async (name) => void (await dom0(t, `xl network-attach ${name} bridge=xenbr0`, xlLimitMs)),
    async (name) => void (await dom0(t, `xl network-detach ${name} $(${list})`, xlLimitMs)),
  );
});

test.serial("xl destroy leaves dom0 without a trace of the device", async (t) => {
  const guest = await start("gone", first);
  const { vif, back } = await vifOf(t, "gone");
  await dom0(t, `${netPeer} icmp ${first} 65507 5 2`);
  t.regex(await grantsInXen(rig, guest.domainId), /0x[0-9a-f]+/, "the key shows what there is");
  await dom0(t, "xl destroy gone", xlLimitMs);
  await isGone(t, vif);
  t.not((await rig.exec(`xenstore-read ${back}/state`)).status, 0);
  t.is(await grantsInXen(rig, guest.domainId), "", "no domain of that number holds anything");
  t.notRegex(await dom0(t, "dmesg"), /xenvif.*(error|invalid|bad)/i);
});

soakTest("100 MB come back as they were, and 10,000 pings", async (t) => {
  t.timeout(3_600_000);
  await using guest = await start("long", first);
  await ask(guest, "udp-echo");
  t.regex(await dom0(t, `${netPeer} udp ${first} 65507 1600 1`, 1_800_000), /^right 1600 wrong 0 lost 0/m);
  t.regex(await dom0(t, `${netPeer} icmp ${first} 56 10000 32`, 1_800_000), /^right 10000 wrong 0 lost 0/m);
  t.notRegex(guest.console.text, complaint);
});

test.serial("of all ports only the open one is found open", async (t) => {
  t.timeout(3_600_000);
  await using guest = await start("scan", first);
  await ask(guest, "udp-echo");
  const last = soak ? 2000 : 20;
  const found = await dom0(t, `${portScan} ${first} 1 ${last}`, 1_800_000);
  t.is(found, `7 open\n${last - 1} closed, 0 silent\n`);
});
