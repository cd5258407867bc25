/**
 * `ip=` on the command line: Linux's form, `ip=client:server:gateway:netmask:hostname:device:autoconf`, of which the server and
 * the host's name mean nothing here; or short `ip=address/prefix`. What is left out at the end may be left out with its colons.
 */
import { indexOf } from "../lib/bytes.ts";
import {
  isHostIpv4,
  ipv4Number,
  noIpv4,
  parseIpv4,
  parseMask,
  parsePrefixLength,
  slashIn,
  type Ipv4Address,
} from "./wire/ipv4-address.ts";

const colon = 0x3a;

/** Places of the fields in Linux's form. */
const enum Field {
  Client,
  Server,
  Gateway,
  Netmask,
  Hostname,
  Device,
  Autoconf,
}

export type IpOption = {
  /** `noIpv4`: no address is wanted. */
  readonly address: Ipv4Address;
  readonly prefixLength: u32;
  readonly gateway: Ipv4Address;
  /** Which device; empty for the first that comes. */
  readonly device: Slice<u8>;
};

/** What stands behind `ip=`. */
export function parseIpOption(text: Slice<u8>): Result<IpOption> {
  if (text.equals("off".bytes()) || text.equals("none".bytes())) return ok(noAddress(text));
  if (indexOf(text, colon) === text.length) return parseShort(text);
  const autoconf = field(text, Field.Autoconf);
  const isStatic =
    autoconf.length === 0 ||
    autoconf.equals("off".bytes()) ||
    autoconf.equals("none".bytes()) ||
    autoconf.equals("static".bytes());
  if (!isStatic) return err("an address is not asked for here: expected off, none or nothing as autoconf");
  if (field(text, Field.Client).length === 0) return ok(noAddress(text));
  const client = parseIpv4(field(text, Field.Client));
  if (!client.ok) return err(client.error);
  const netmask = field(text, Field.Netmask);
  const prefix: Result<u32> = netmask.length === 0 ? ok(prefixOfClass(client.value)) : parseMask(netmask);
  if (!prefix.ok) return err(prefix.error);
  const gateway = field(text, Field.Gateway);
  const router: Result<Ipv4Address> = gateway.length === 0 ? ok(noIpv4) : parseIpv4(gateway);
  if (!router.ok) return err(router.error);
  return judge(client.value, prefix.value, router.value, field(text, Field.Device));
}

function parseShort(text: Slice<u8>): Result<IpOption> {
  const slash = slashIn(text);
  const address = parseIpv4(text.slice(0, slash));
  if (!address.ok) return err(address.error);
  if (slash === text.length)
    return judge(address.value, prefixOfClass(address.value), noIpv4, text.slice(slash));
  const prefix = parsePrefixLength(text.slice(slash + 1));
  if (!prefix.ok) return err(prefix.error);
  return judge(address.value, prefix.value, noIpv4, text.slice(text.length));
}

function judge(
  address: Ipv4Address,
  prefixLength: u32,
  gateway: Ipv4Address,
  device: Slice<u8>,
): Result<IpOption> {
  if (!isHostIpv4(address)) return err("no host can have this address");
  if (prefixLength === 0) return err("expected a prefix of at least one bit");
  return ok({ address, prefixLength, gateway, device });
}

function noAddress(text: Slice<u8>): IpOption {
  return { address: noIpv4, prefixLength: 0, gateway: noIpv4, device: text.slice(text.length) };
}

/** The field at `place`, counted from 0; empty where there are fewer. */
function field(text: Slice<u8>, place: u32): Slice<u8> {
  let rest = text;
  for (let skip: u32 = 0; skip < place; skip++) {
    const end = indexOf(rest, colon);
    rest = rest.slice(min<usize>(end + 1, rest.length));
  }
  return rest.slice(0, indexOf(rest, colon));
}

/** The prefix that an address had before there were netmasks: Linux does the same. */
function prefixOfClass(address: Ipv4Address): u32 {
  const highest: u32 = ipv4Number(address) >> 24;
  if (highest < 128) return 8;
  return highest < 192 ? 16 : 24;
}
