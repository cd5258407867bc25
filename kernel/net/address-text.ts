/** Addresses in templates: `${text(shown.ipv4(address))}`. */
import { formatMac, type MacAddress } from "../dev/mac-address.ts";
import type { ByteSink } from "../lib/format.ts";
import { formatIp, type IpAddress } from "./ip-address.ts";
import { formatIpv4, type Ipv4Address } from "./wire/ipv4-address.ts";

/** Holds the text of one address, the last that it was asked for. */
@struct
export class AddressText implements ByteSink {
  /** The longest is an IPv6 address with IPv4 at its end. */
  readonly bytes = new FixedArray<u8, 45>();
  length: usize = 0;

  write(bytes: Slice<u8>): void {
    this.bytes.slice(this.length).copyFrom(bytes);
    this.length += bytes.length;
  }

  ipv4(address: Ipv4Address): Slice<u8> {
    this.length = 0;
    formatIpv4(this, address);
    return this.bytes.slice(0, this.length);
  }

  ip(address: IpAddress): Slice<u8> {
    this.length = 0;
    formatIp(this, address);
    return this.bytes.slice(0, this.length);
  }

  mac(address: MacAddress): Slice<u8> {
    this.length = 0;
    formatMac(this, address);
    return this.bytes.slice(0, this.length);
  }
}
