/** The kernel's own version; a test holds it to package.json. */
export const kernelVersion = "0.1.0";
