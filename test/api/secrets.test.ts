import { describe, expect, it } from "vitest";
import { secretsOf } from "../../src/api/log.js";
import { Secrets } from "../../src/api/secrets.js";

function knowing(...secrets: string[]): Secrets {
  const known = new Secrets();
  known.add(secrets);
  return known;
}

describe("secrets", () => {
  it.each([
    ["to.ken$&", "No such token: to.ken$&", "No such token: <hidden>"],
    ["to.ken$&", "https://x.test/v1/tokens/to.ken%24%26?a=1", "https://x.test/v1/tokens/<hidden>?a=1"],
    ["to", "token to.", "token <hidden>."],
    ["", "nothing", "nothing"],
    ['p"w\\ ä', '{"x":"p\\"w\\\\ ä"}', '{"x":"<hidden>"}'],
    ["pässwörd-1", '{"new_password": "p\\u00e4ssw\\u00f6rd-1"}', '{"new_password": "<hidden>"}'],
    ['it\'s "x" 99', "{'new_password': 'it\\'s \"x\" 99'}", "{'new_password': '<hidden>'}"],
    ["it's x 99", "password=it%27s+x+99", "password=<hidden>"],
    [`it's <"9&`, "<p>it&#x27;s &lt;&quot;9&amp;</p>", "<p><hidden></p>"],
    [`it's <"9&`, "<p>it&#39;s &lt;&#34;9&amp;</p>", "<p><hidden></p>"],
    ["hünter2", "Basic aMO8bnRlcjI= and so on", "Basic <hidden> and so on"],
  ])("%j is blanked in %s", (secret, text, shown) => {
    expect(knowing(secret).hide(text)).toBe(shown);
  });

  it("are blanked however servers write them", () => {
    const secret = `p!a/s's"w&rd‹ä>%(x)`;
    const body = JSON.stringify({ new_password: secret });
    const quote = (text: string, safe: RegExp) =>
      encodeURIComponent(text)
        .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
        .replace(safe, (code) => decodeURIComponent(code));
    const spelt = [
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
      quote(secret, /%2F/g),
      quote(secret, /(?!)/g),
      body.replace(/\//g, "\\/"),
      encodeURIComponent(body),
      quote(body, /%2F/g).toLowerCase(),
      JSON.stringify(JSON.stringify(body)),
      ...["", "a", "ab"].map((before) => Buffer.from(before + secret + "z").toString("base64")),
      Buffer.from(body).toString("base64url"),
    ];
    for (const text of spelt) {
      const shown = knowing(secret).hide(text);
      expect(shown).toContain("<hidden>");
      expect(shown.replace("<hidden>", "").length).toBeLessThanOrEqual(text.length - secret.length);
    }
  });

  it("may be of any length", () => {
    const secret = "x".repeat(65_000);
    expect(knowing(secret).hide(`a ${secret} b`)).toBe("a <hidden> b");
  });

  it("leave no rest of one that begins with another", () => {
    expect(knowing("syt_first", "syt_firstTAIL").hide("pw syt_firstTAIL, syt_first")).toBe("pw <hidden>, <hidden>");
  });

  it("that come later are blanked, too", () => {
    const secrets = knowing("one-secret");
    expect(secrets.hide("one-secret two-secret")).toBe("<hidden> two-secret");
    secrets.add(["two-secret"]);
    expect(secrets.hide("one-secret two-secret")).toBe("<hidden> <hidden>");
  });

  it("are blanked in all of an answer, with what stands under their keys", () => {
    const answer = { errcode: "M_s3cret-pw", error: ["s3cret-pw", { a: "x s3cret-pw" }], access_token: "syt_x", n: 1 };
    expect(knowing("s3cret-pw").hideIn(answer)).toEqual({
      errcode: "M_<hidden>",
      error: ["<hidden>", { a: "x <hidden>" }],
      access_token: "<hidden>",
      n: 1,
    });
  });

  it("are blanked as keys and numbers, too", () => {
    const answer = { form: { '{"new_password":"hunter2hunter2"}': "" }, "Bearer syt_x": 1, given: [1234567890, 12] };
    expect(knowing("hunter2hunter2", "syt_x", "1234567890").hideIn(answer)).toEqual({
      form: { '{"new_password":"<hidden>"}': "<hidden>" },
      "Bearer <hidden>": 1,
      given: ["<hidden>", 12],
    });
  });

  it.each([
    ['{"password": "hunter2 99",}', "hunter2 99"],
    ["{'new_password': 'hunter2 99', 'a': 'b'}", "hunter2 99"],
    ['\ufeff{"access_token":"syt_1"}', "syt_1"],
    ['{"a":1}\n{"auth":{"token":"x\\"y"}}', 'x\\"y'],
    ["password: hunter2\nname: x", "hunter2"],
    ["grant_type=password&password=a%2Bb&client_secret=c", "a+b"],
    ["a=1;access_token=abc;b=2", "abc"],
    ['{"password": "hunter2secret}', "hunter2secret"],
    ['{\\"password\\": \\"hunter2secret\\"}', "hunter2secret"],
    ["{\u201cpassword\u201d: \u201chunter2secret\u201d}", "hunter2secret"],
    ['{"auth":{"password":{"value":"hunter2secret"},},}', "hunter2secret"],
    ['{"password": [hunter2secret]}', "hunter2secret"],
    ['{"password" "hunter2secret"}', "hunter2secret"],
    ["{password: hunter2, secret}", "hunter2, secret"],
  ])("of a body that is no JSON are found by their looks: %s", (body, secret) => {
    const shown = knowing(...secretsOf(body)).hide(`cannot parse: ${secret}, and so on`);
    for (const word of secret.match(/\w{2,}/g) ?? [secret]) expect(shown).not.toContain(word);
    expect(shown).toMatch(/^cannot parse: .*, and so on$/);
  });

  it("are looked for in a large body no longer than in another", () => {
    const large = ["x", "token ", 'token:"'].map((text) => `{"purge": true, "note": "${text.repeat(3_000_000)}",}`);
    for (const body of large) expect(secretsOf(body).length).toBeLessThan(1100);
  });
});
