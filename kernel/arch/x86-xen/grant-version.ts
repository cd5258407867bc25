/**
 * What an entry of the grant table looks like. Version 1 is what a domain starts with; Xen permits version 2 unless its
 * command line (`gnttab=max-ver:1`) or the domain's configuration (`max_grant_version=1`) says otherwise.
 */
export const enum GrantVersion {
  V1 = 1,
  V2 = 2,
}
