/** A console back end that lies about the ring: it may cost the guest its console, and nothing else. */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { image, rig, shareRig } from "./shared-rig.ts";

// struct xencons_interface, xen/io/console.h
const inProd = 3076;
const outCons = 3080;

const foreignFrame = "/run/foreign-frame";
shareRig({ programs: ["foreign-frame"] });

const lies = [
  { title: "more input than the ring holds", offset: inProd, value: "0x80000000" },
  { title: "more output taken than was written", offset: outCons, value: "0x80000000" },
  { title: "less output taken than ever fitted", offset: outCons, value: "0xfffff000" },
] as const;

for (const [index, { title, offset, value }] of lies.entries()) {
  test.serial(`a back end that claims ${title} loses the ring, and the kernel lives on`, async (t) => {
    await using guest = await rig.create({ name: `hostile-${index}`, kernel: image, memoryMb: 16 });
    await guest.console.waitFor(/^> /m);
    const ring = `/local/domain/${guest.domainId}/console/ring-ref`;
    const frame = (await rig.exec(["xenstore-read", ring])).stdout.trim();
    const access = [foreignFrame, String(guest.domainId), frame];

    await rig.exec(["xl", "pause", guest.name]);
    guest.console.write("help\r"); // rings, so that the guest looks as soon as it can
    await sleep(300);
    t.is((await rig.exec([...access, String(offset), value])).status, 0);
    await rig.exec(["xl", "unpause", guest.name]);
    await sleep(500);

    // xenconsoled does not believe its own lie either, so the guest's last words are looked for in the ring itself.
    await rig.exec(`${access.join(" ")} >/run/frame`);
    const page = (await rig.get("/run/frame")).subarray(1024, 3072).toString("latin1");
    t.regex(page + page, /error: console: the ring is not used any more: the indices are further apart/);
    const list = (await rig.exec(["xl", "list", guest.name])).stdout.trim().split("\n").at(-1) ?? "";
    const [, , , , state, seconds] = list.split(/\s+/);
    t.regex(state ?? "", /^-b----$/, list); // waiting, neither crashed nor spinning
    t.true(Number(seconds) < 1, list);
  });
}
