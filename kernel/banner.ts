/** What the kernel says when it starts: where it is, and what it has. */
import { isFirstDomain, hasConsoleRing, abiName, commandLine } from "./arch/x86-xen/start-info.ts";
import {
  readChangeset,
  readCompileInfo,
  readExtraVersion,
  readFeatures,
  readVersion,
} from "./arch/x86-xen/version.ts";
import { readPortStatus } from "./arch/x86-xen/hypercall/events.ts";
import { untilZero } from "./lib/bytes.ts";
import { format } from "./lib/format.ts";
import { LineBuffer } from "./lib/line-buffer.ts";
import * as log from "./lib/log.ts";
import { kernelVersion } from "./version.ts";
import { pagesPerMegabyte } from "./xen-abi/addresses.ts";
import { domIdNumber } from "./xen-abi/domain.ts";
import { EventStatus, portNumber, PortStatus, type EventPort } from "./xen-abi/event-channel.ts";
import { Feature } from "./xen-abi/features.ts";
import { CompileInfo } from "./xen-abi/version.ts";
import { StartFlag, type StartInfo } from "./xen-abi/xen.ts";

/** Everything that was found out by asking, a line each. */
export function printBanner(info: StartInfo): void {
  log.info(`xenlet ${kernelVersion}, a paravirtualized kernel in TypeScript`);
  log.info(`  compiled by ${buildInfo}`);
  printXen();
  printFeatures();
  printDomain(info);
  log.info(`command line: ${text(commandLine(info))}`);
}

function printXen(): void {
  const version = readVersion();
  const extra = new FixedArray<u8, 16>();
  const changeset = new FixedArray<u8, 64>();
  const release = readExtraVersion(extra) ? untilZero(extra) : extra.slice(0, 0);
  log.info(`Xen ${version >> 16}.${version & 0xffff}${text(release)}`);
  if (readChangeset(changeset) && changeset[0] !== 0) log.info(`  changeset ${text(untilZero(changeset))}`);
  const build = new CompileInfo();
  if (readCompileInfo(build)) {
    log.info(`  built by ${text(untilZero(build.compileBy))}@${text(untilZero(build.compileDomain))}`);
    log.info(`  on ${text(untilZero(build.compileDate))} with ${text(untilZero(build.compiler))}`);
  }
}

function printDomain(info: StartInfo): void {
  const first = isFirstDomain(info);
  const kind = first ? "the first domain" : "a guest";
  const rank = has(info.flags, StartFlag.Privileged) ? ", privileged" : "";
  log.info(`domain: ${kind}${rank}, ABI ${text(abiName(info))}`);
  log.info(`memory: ${info.nrPages} pages (${info.nrPages / pagesPerMegabyte} MB)`);
  if (hasConsoleRing(info)) printConsolePort(info.console.domU.evtchn);
  else log.info(first ? "console: Xen's own" : "console: none was given");
}

function printConsolePort(port: EventPort): void {
  const status = new EventStatus();
  const known = readPortStatus(port, status);
  const connected = known.ok && status.status === PortStatus.Interdomain;
  if (connected) {
    log.info(
      `console: ring, port ${portNumber(port)}, back end in domain ${domIdNumber(status.interdomain.dom)}`,
    );
  } else {
    log.warn(`console: ring, port ${portNumber(port)}, which has nobody at its other end`);
  }
}

type FeatureName = { readonly feature: Feature; readonly name: string };

/** The features that a 64-bit paravirtualized guest can meet. */
const featureNames: FixedArray<FeatureName, 9> = [
  { feature: Feature.WritablePageTables, name: "writable_page_tables" },
  { feature: Feature.WritableDescriptorTables, name: "writable_descriptor_tables" },
  { feature: Feature.AutoTranslatedPhysmap, name: "auto_translated_physmap" },
  { feature: Feature.SupervisorModeKernel, name: "supervisor_mode_kernel" },
  { feature: Feature.PaePgdirAbove4Gb, name: "pae_pgdir_above_4gb" },
  { feature: Feature.MmuPtUpdatePreserveAd, name: "mmu_pt_update_preserve_ad" },
  { feature: Feature.GnttabMapAvailBits, name: "gnttab_map_avail_bits" },
  { feature: Feature.MemoryOpVnodeSupported, name: "memory_op_vnode_supported" },
  { feature: Feature.Dom0, name: "dom0" },
];

function printFeatures(): void {
  const features = readFeatures();
  const line = new LineBuffer(log.everySink);
  format(line, `  features 0x${hex(features, 8)}:`);
  for (const entry of featureNames) {
    if (has(features, entry.feature)) format(line, ` ${entry.name}`);
  }
  line.write("\n".bytes());
  line.flush();
}
