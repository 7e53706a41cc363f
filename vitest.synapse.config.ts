import { defineConfig, mergeConfig } from "vitest/config";
import shared from "./vitest.config.js";

/** The scenarios against the homeserver that SYNADM_TEST_SERVER names; `npm test` runs them against the embedded one. */
export default mergeConfig(
  { ...shared, test: { ...shared.test, include: [] } },
  defineConfig({
    test: {
      include: ["test/scenario/**/*.test.ts"],
      // Some commands reach all of the server: purge-empty, media delete.
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 60_000,
    },
  }),
);
