/** What Xen says about itself. */
import { addressOf } from "xenlet:unsafe";
import { CompileInfo, FeatureInfo, VersionOp } from "../../xen-abi/version.ts";
import type { Feature, Features } from "../../xen-abi/features.ts";
import type { Answer } from "./hypercall/stubs.ts";
import { xenVersion } from "./hypercall/version.ts";

/** `major << 16 | minor`. */
export function readVersion(): u64 {
  const version = xenVersion(VersionOp.Version, 0);
  return version.ok ? version.value : 0;
}

/** What follows the version's numbers, such as ".7"; zero-padded. */
export function readExtraVersion(into: FixedArray<u8, 16>): boolean {
  return done(xenVersion(VersionOp.ExtraVersion, addressOf(into)));
}

/** What Xen was built from; zero-padded. */
export function readChangeset(into: FixedArray<u8, 64>): boolean {
  return done(xenVersion(VersionOp.Changeset, addressOf(into)));
}

/** Who built Xen, when, and with what. */
export function readCompileInfo(into: CompileInfo): boolean {
  return done(xenVersion(VersionOp.CompileInfo, addressOf(into)));
}

/** What Xen offers this domain; nothing where it does not say. */
export function readFeatures(): Features {
  const request = new FeatureInfo();
  const answered = done(xenVersion(VersionOp.GetFeatures, addressOf(request)));
  return (answered ? request.submap : 0) as Feature;
}

function done(answer: Answer): boolean {
  return answer.ok;
}
