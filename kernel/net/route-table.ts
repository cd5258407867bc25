/** Which way to a destination: the interface whose network it is in, else one that has a gateway. */
import { ofIpv4 } from "./ip-address.ts";
import { NetInterface } from "./net-interface.ts";
import { SendFault, type Route } from "./network-layer.ts";
import { isGroupIpv4, isHostIpv4, limitedBroadcast, noIpv4, type Ipv4Address } from "./wire/ipv4-address.ts";

@struct
export class RouteTable {
  readonly interfaces = new FixedArray<NetInterface, 4>();

  /** The longest prefix wins; a destination that no host has is refused. */
  find(destination: Ipv4Address): Result<Route, SendFault> {
    if (!isHostIpv4(destination) || isGroupIpv4(destination)) return err(SendFault.NoRoute);
    let best: NetInterface | null = null;
    let viaGateway: NetInterface | null = null;
    for (const link of this.interfaces) {
      if (link.device === null || !link.ipv4.hasAddress()) continue;
      if (viaGateway === null && link.ipv4.gateway !== noIpv4) viaGateway = link;
      const isLonger = best === null || link.ipv4.prefixLength > best.ipv4.prefixLength;
      if (isLonger && link.ipv4.isOnLink(destination)) best = link;
    }
    if (best !== null && isUnusable(best, destination)) return err(SendFault.NoRoute);
    const link = best ?? viaGateway;
    if (link === null) return err(SendFault.NoRoute);
    return ok({
      link,
      source: ofIpv4(link.ipv4.address),
      destination: ofIpv4(destination),
      nextHop: ofIpv4(best === null ? link.ipv4.gateway : destination),
    });
  }
}

/** Broadcasts are not sent, and there is nobody else at our own address. */
function isUnusable(link: NetInterface, destination: Ipv4Address): boolean {
  return (
    destination === link.ipv4.address ||
    link.ipv4.isBroadcast(destination) ||
    destination === limitedBroadcast
  );
}
