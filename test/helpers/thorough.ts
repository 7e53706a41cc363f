/**
 * `SYNADM_TESTS=all` lets everything happen everywhere, and sends what is large in full size, which takes minutes.
 * Without it each command still meets each fault, and each kind of size, once.
 */
export const thorough = process.env["SYNADM_TESTS"] === "all";
