//> 169.254.1.1/16
//> 10.0.0.2/8
//> 10.0.0.2/24 via 10.0.0.1 on eth1
//> 192.168.7.9/24
//> 192.168.7.9/26 via 192.168.7.1
//> none
//> none
//> none
//> 10.0.0.2/32
//> refused: expected four numbers of 0 to 255 with dots
//> refused: the number is too large
//> refused: no host can have this address
//> refused: expected a netmask whose ones come first
//> refused: expected a prefix of at least one bit
//> refused: an address is not asked for here: expected off, none or nothing as autoconf
/** `ip=` in Linux's form and in the short one. */
import { print } from "xenlet:host";
import { AddressText } from "../../../../kernel/net/address-text.ts";
import { parseIpOption } from "../../../../kernel/net/ip-option.ts";
import { noIpv4 } from "../../../../kernel/net/wire/ipv4-address.ts";

function show(option: string): void {
  const parsed = parseIpOption(option.bytes());
  if (!parsed.ok) {
    print(`refused: ${parsed.error}`);
    return;
  }
  if (parsed.value.address === noIpv4) {
    print(`none`);
    return;
  }
  const address = new AddressText();
  const gateway = new AddressText();
  const via = parsed.value.gateway === noIpv4 ? "".bytes() : gateway.ipv4(parsed.value.gateway);
  const device = parsed.value.device;
  const shown = address.ipv4(parsed.value.address);
  const on = device.length > 0 ? " on " : "";
  const behind = via.length > 0 ? " via " : "";
  print(`${text(shown)}/${parsed.value.prefixLength}${behind}${text(via)}${on}${text(device)}`);
}

export function main(): i32 {
  show("169.254.1.1/16");
  show("10.0.0.2");
  show("10.0.0.2::10.0.0.1:255.255.255.0:xenlet:eth1:off");
  show("192.168.7.9::::");
  show("192.168.7.9:192.168.7.2:192.168.7.1:255.255.255.192");
  show("off");
  show("none");
  show("::::host::off");
  show("10.0.0.2/32");
  show("10.0.0");
  show("10.0.0.2/33");
  show("127.0.0.1/8");
  show("10.0.0.2:::255.0.255.0");
  show("10.0.0.2/0");
  show("10.0.0.2::::::dhcp");
  return 0;
}
