/** Which names a node can have (xenstore.txt, "Xenstore paths"). */
import { startsWith } from "../../../lib/bytes.ts";
import { pathLimit } from "../../../xen-abi/xs-wire.ts";
import { XenstoreFault } from "./fault.ts";

const slash = 0x2f;
const at = 0x40;
const zero = 0x30;
const nine = 0x39;

/** Whether `path` is one: of a node, or the name of a special watch (`@introduceDomain`). */
export function judgePath(path: Slice<u8>): Result<undefined, XenstoreFault> {
  if (path.length === 0) return err(XenstoreFault.BadPath);
  if (path.length > pathLimit + homeLength(path)) return err(XenstoreFault.PathTooLong);
  let before: u8 = 0;
  for (const byte of path) {
    if (!isPathByte(byte) || (byte === slash && before === slash)) return err(XenstoreFault.BadPath);
    before = byte;
  }
  const endsWithSlash = before === slash && path.length > 1;
  return endsWithSlash ? err(XenstoreFault.BadPath) : ok();
}

/** Whether `path` is `ancestor` or lies below it. */
export function isAtOrBelow(path: Slice<u8>, ancestor: Slice<u8>): boolean {
  if (ancestor.length === 0 || path.length < ancestor.length) return false;
  if (!path.slice(0, ancestor.length).equals(ancestor)) return false;
  if (path.length === ancestor.length) return true;
  return ancestor[ancestor.length - 1] === slash || path[ancestor.length] === slash;
}

/** How long the directory of a domain is, `/local/domain/<id>/`, that `path` begins with; 0 where it begins otherwise. */
function homeLength(path: Slice<u8>): usize {
  const domains = "/local/domain/".bytes();
  if (!startsWith(path, domains)) return 0;
  const last = min<usize>(path.length, domains.length + 5); // a domain's number has 16 bits
  let end = domains.length;
  while (end < last && path[end] >= zero && path[end] <= nine) end++;
  return end < path.length && path[end] === slash ? end + 1 : 0;
}

/** ASCII letters and digits, and `-`, `/`, `_`, `@`. */
function isPathByte(byte: u8): boolean {
  const letter: u8 = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  return (byte >= 0x2d && byte <= 0x39 && byte !== 0x2e) || byte === 0x5f || byte === at;
}
