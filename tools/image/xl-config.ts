/** The `xl` configuration that mkimage writes beside an image (xl.cfg(5)). */

/** What varies between guests. */
export interface GuestConfig {
  readonly name: string;
  /** Where dom0 finds the image. */
  readonly kernel: string;
  readonly memoryMiB: number;
  /** Kernel command line; switches are listed in docs/boot.md. */
  readonly extra: string;
}

/** Renders the file. Throws RangeError for a text that xl's syntax cannot quote. */
export function renderXlConfig({ name, kernel, memoryMiB, extra }: GuestConfig): string {
  return `# ${name}: xl create -c ${name}.cfg        (written by mkimage; see xl.cfg(5))

name   = ${quote(name)}
type   = "pv"                     # the kernel runs in ring 3 and asks Xen by hypercall
kernel = ${quote(kernel)}         # the gzip'ed image serves as well
extra  = ${quote(extra)}          # kernel command line
memory = ${memoryMiB}             # MiB
vcpus  = 1

# The guest tells Xen how it ended, and the toolstack does what stands here.
on_poweroff = "destroy"
on_reboot   = "restart"
on_crash    = "destroy"           # "preserve" keeps it for xenctx and xl dump-core, until xl destroy

#vif  = [ "bridge=xenbr0" ]
#disk = [ "phy:/dev/loop0,xvda,w" ]
`;
}

/** A string literal of xl's configuration language, which knows no escapes. */
function quote(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what xl's lexer cannot take
  const unfit = /[\u0000-\u001f]/.test(text) || (text.includes('"') && text.includes("'"));
  if (unfit)
    throw new RangeError(
      `expected text without control characters or both kinds of quotes, got ${JSON.stringify(text)}`,
    );
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
