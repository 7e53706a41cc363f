import fc from "fast-check";
import nock from "nock";
import { afterEach } from "vitest";

// The same values each time, so that a failure is the change's; another seed looks elsewhere.
fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_261_122) });

// As in Node. The 100 lines that vitest wants take long, and the tests see thousands of errors.
Error.stackTraceLimit = 10;

// Nothing leaves this machine. The embedded homeserver listens on loopback.
nock.disableNetConnect();
nock.enableNetConnect(/^(127\.0\.0\.1|localhost)(:\d+)?$/);

afterEach(() => {
  const missing = nock.pendingMocks();
  nock.cleanAll();
  if (missing.length > 0) throw new Error(`requests that were expected and not made: ${missing.join(", ")}`);
});
