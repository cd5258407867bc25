/** Grants under Xen itself: both versions of the table, its limits, and a peer that holds on to a page. */
import test from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { kernelImages } from "./kernel.ts";

let rig: Rig;
const image = "/run/xenlet";
test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await kernelImages();
  rig = await Rig.start();
  await rig.put(kernel.image, image);
});
test.after.always(() => rig?.stop());

for (const version of ["v1", "v2"]) {
  test.serial(`grants of version ${version}`, async (t) => {
    await using guest = await rig.create({
      name: `grants-${version}`,
      kernel: image,
      memoryMb: 16,
      extra: `grants=${version} test=grants`,
    });
    const end = await guest.wait(20_000);
    t.log(guest.console.text);
    t.is(end.reason, "poweroff");
  });
}
