/** The network as the boot order knows it: who introduces the stack, its devices and the command line to each other. */
import { systemTime } from "./arch/x86-xen/system-time.ts";
import { p2mLength } from "./arch/x86-xen/p2m.ts";
import type { Bus } from "./drivers/xenbus/bus/bus.ts";
import { offerNetworkDevices } from "./drivers/xenbus/netfront/net-kind.ts";
import * as log from "./lib/log.ts";
import { describeMemoryFault } from "./lib/memory-fault.ts";
import { heap } from "./mm/kernel-heap.ts";
import { Housekeeping } from "./net/housekeeping.ts";
import { parseIpOption } from "./net/ip-option.ts";
import { connectLayers, network } from "./net/network.ts";
import { fillPacketPool } from "./net/packet-memory.ts";

const housekeeping = new Housekeeping(network);

/** Before the bus looks for devices. */
export function startNetwork(bus: Bus): void {
  connectLayers(systemTime());
  const started = housekeeping.start();
  if (!started.ok) return log.error(`net: no task: ${started.error}`);
  offerNetworkDevices(bus.kinds, network, network.pool, fillBuffers);
}

/** With the first device: a guest without one does not pay for it. @allocates */
function fillBuffers(): Result<undefined> {
  if (network.pool.total > 0) return ok();
  const filled = fillPacketPool(network.pool, heap, p2mLength());
  return filled.ok ? ok() : err(describeMemoryFault(filled.error));
}

/** `ip=` of the command line; may be given once for each device. False where it is not understood. */
export function takeIpOption(value: Slice<u8>): boolean {
  const option = parseIpOption(value);
  if (option.ok) return network.want(option.value);
  log.warn(`ip=${text(value)}: ${option.error}`);
  return true;
}
