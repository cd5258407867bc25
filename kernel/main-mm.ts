import { PteQueue } from "./arch/x86-xen/pte-queue.ts";
import { xenletMain } from "./main.ts";
