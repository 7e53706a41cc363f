import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    globalSetup: ["test/helpers/build.ts"],
    // Points in time are shown in local time: a zone with a half-hour offset and clock changes finds more mistakes.
    env: { TZ: "Australia/Adelaide", NO_COLOR: "", FORCE_COLOR: "", HTTP_PROXY: "", HTTPS_PROXY: "" },
    testTimeout: 20_000, // a busy machine is no failure: the properties alone take seconds there
    restoreMocks: true,
    isolate: false, // the modules keep no state; loading them anew for each file takes a third of the time
    maxWorkers: Math.ceil(availableParallelism() * 1.5), // many tests wait for a process or a time-out
  },
});
