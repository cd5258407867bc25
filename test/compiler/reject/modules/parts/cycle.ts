import { A } from "../constant-cycle.ts";
export const B: u32 = A + 1; // error XL6002
