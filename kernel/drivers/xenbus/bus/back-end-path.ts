/** Which paths can be those of back ends. */
import { startsWith } from "../../../lib/bytes.ts";
import { TextBuffer } from "../../../lib/text-buffer.ts";

/** The most bytes of a back end's path. Toolstacks use about 40. */
export const backEndPathLimit = 120;
/** Below `DOMID_FIRST_RESERVED`: higher numbers are no domains. */
export const lastDomain = 0x7fef;

/** Whether `path` can be that of a back end in `domain`: `/local/domain/<domain>/backend/…`. */
export function isBackEndPath(path: Slice<u8>, domain: u64): boolean {
  const root = new TextBuffer<48>();
  root.set(`/local/domain/${domain}/backend/`);
  return startsWith(path, root.text()) && path.length > root.length && path.length <= backEndPathLimit;
}
