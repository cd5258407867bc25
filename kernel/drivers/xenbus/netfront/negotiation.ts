/**
 * What a network device's ends agree on (io/netif.h). What is not in this table is not used: several queues (one vCPU), a
 * notification of its own for each ring (one serves both for less), segmentation by the back end (there is no TCP yet),
 * multicast filters, the control ring.
 */

/** What the back end says of itself, missing nodes as the header reads them. */
export type Offer = {
  readonly receiveByCopy: boolean;
  readonly scatterGather: boolean;
  readonly noChecksumOffload: boolean;
  /** Of the device's own directory, then the back end's; 0 where neither says. */
  readonly mtu: u64;
};

export type Agreement = {
  /** A frame may have several slots. */
  readonly scatterGather: boolean;
  /** The back end completes blank checksums. */
  readonly checksumOffload: boolean;
  readonly mtu: u32;
};

const ethernetMtu = 1500;
/** A frame of one page at most, with its Ethernet header. */
const mostOfOnePage = 4096 - 14;
const mostAtAll = 65535 - 14;

/** An error says why there is no agreement. */
export function agree(offer: Offer): Result<Agreement> {
  if (!offer.receiveByCopy) return err("feature-rx-copy: expected 1; frames are received by copy only");
  const limit: u64 = offer.scatterGather ? mostAtAll : mostOfOnePage;
  const wanted: u64 = offer.mtu === 0 ? ethernetMtu : offer.mtu;
  return ok({
    scatterGather: offer.scatterGather,
    checksumOffload: !offer.noChecksumOffload,
    mtu: min<u64>(wanted, limit) as u32,
  });
}
