/** Which paths can be those of back ends. */
import { startsWith } from "../../../lib/bytes.ts";
import { TextBuffer } from "../../../lib/text-buffer.ts";

/** The most bytes of a back end's path. Toolstacks use about 40. */
export const backEndPathLimit = 120;
/** `DOMID_FIRST_RESERVED`: higher numbers are no domains. */
const firstReservedDomain = 0x7ff0;

/** Whether `path` can be that of a back end in `domain`: `/local/domain/<domain>/backend/…`. An error says what is wrong. */
export function judgeBackEndPath(path: Slice<u8>, domain: u64): Result<undefined> {
  if (domain >= firstReservedDomain) return err("backend-id is not the number of a domain");
  if (path.length > backEndPathLimit) return err("backend is too long for a path of a back end");
  const root = new TextBuffer<48>();
  root.set(`/local/domain/${domain}/backend/`);
  if (!startsWith(path, root.text()) || path.length === root.length)
    return err("backend is not a path in the directory of domain backend-id");
  return ok();
}
