import { type Ptr } from "xenlet:unsafe";
export type Unused = Ptr<u8>;
/** @export exit */
export declare function ending(status: i32): never;
