import { describe, expect, it } from "vitest";
import * as library from "../../src/index.js";

describe("the library", () => {
  it("has the client, its errors and the helpers", () => {
    expect(Object.keys(library).sort()).toEqual([
      "ApiError",
      "ApiRequest",
      "Connection",
      "HttpError",
      "InvalidValueError",
      "Matrix",
      "NetworkError",
      "Secret",
      "SynapseAdmin",
      "isRoomAlias",
      "isRoomId",
      "isServerName",
      "isUserId",
      "mediaId",
      "needsServerName",
      "parseJson",
      "path",
      "rawPath",
      "serverName",
      "userId",
      "writeJson",
    ]);
  });

  it("makes a client out of nothing", () => {
    expect(new library.SynapseAdmin().connection.timeoutMs).toBe(30_000);
    expect(new library.Matrix()).toBeInstanceOf(library.ApiRequest);
  });
});
