/** Network devices as the bus knows them: `device/vif/<number>`. */
import type { NetClient } from "../../../dev/net.ts";
import type { PacketPool } from "../../../dev/packet-pool.ts";
import { XenbusState } from "../../../xen-abi/xenbus.ts";
import { parseDecimal } from "../xenstore/answers.ts";
import type { FrontDriver } from "../bus/front-driver.ts";
import type { FrontEnd } from "../bus/front-end.ts";
import type { FrontKind, FrontKinds } from "../bus/front-kinds.ts";
import { DeviceSlots } from "./device-slots.ts";
import { Netfront } from "./netfront.ts";

const labels: FixedArray<string, 8> = ["eth0", "eth1", "eth2", "eth3", "eth4", "eth5", "eth6", "eth7"];
const homePrefix = "device/vif/";

/** Is called when a device comes: there must be buffers then. @allocates */
export type Preparation = () => Result<undefined>;

const devices = new FixedArray<Netfront, 4>();
const tables = new FixedArray<DeviceSlots, 4>();

/** Who gets the devices, as `offerNetworkDevices` was told. */
let client: NetClient | null = null;
let buffers: PacketPool | null = null;
let prepare: Preparation | null = null;

const netKinds: FixedArray<FrontKind, 1> = [
  { name: "vif", published: XenbusState.Connected, attach: attachDevice },
];

/** Devices that come from now on are `target`'s, and use the buffers of `packets`, which `fill` makes before. */
export function offerNetworkDevices(
  kinds: FrontKinds,
  target: NetClient,
  packets: PacketPool,
  fill: Preparation,
): void {
  client = target;
  buffers = packets;
  prepare = fill;
  kinds.add(netKinds);
}

/** @allocates */
function attachDevice(front: FrontEnd): Result<FrontDriver> {
  const ready = prepare!();
  if (!ready.ok) return err(ready.error);
  const number = parseDecimal(front.home.text().slice(homePrefix.bytes().length));
  const label = number.ok && number.value < labels.length ? labels[number.value] : "eth";
  for (const [place, device] of devices.entries()) {
    if (device.front !== null) continue;
    device.adopt(front, client!, buffers!, tables[place], label);
    return ok(device);
  }
  return err("there are as many network devices as there can be");
}
