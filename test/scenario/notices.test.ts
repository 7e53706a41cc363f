import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { at, list, record, text, type Person } from "./client.js";
import { scenario } from "./scenario.js";

const scene = scenario();

/** The notices that somebody got, as a client shows them, after accepting the invitation. */
async function received(person: Person): Promise<unknown[]> {
  const first = await person.sync();
  for (const room of Object.keys(record(first, "rooms", "invite"))) await person.join(room);
  const joined = Object.values(record(await person.sync(text(first, "next_batch")), "rooms", "join"));
  return joined
    .flatMap((room) => list(room, "timeline", "events"))
    .filter((event) => at(event, "type") === "m.room.message")
    .map((event) => at(event, "content"));
}

const bodies = async (person: Person): Promise<unknown[]> =>
  (await received(person)).map((content) => at(content, "body"));

describe("server notices", () => {
  it("reach one user; without HTML the text stays as it is", async () => {
    const person = await scene.person("noticed");
    const sent = await scene.ok("notice", "send", person.localpart, "a < b & Łódź");
    expect(text(sent, 0, "event_id")).toMatch(/^\$/);
    await scene.ok("notice", "send", person.userId, "bold", "<b>bold</b>");
    expect(await received(person)).toEqual([
      {
        msgtype: "m.text",
        body: "a < b & Łódź",
        format: "org.matrix.custom.html",
        formatted_body: "a &lt; b &amp; Łódź",
      },
      { msgtype: "m.text", body: "bold", format: "org.matrix.custom.html", formatted_body: "<b>bold</b>" },
    ]);
  });

  it("reach all that an expression matches, locked ones too, whatever the page size", async () => {
    const persons = await Promise.all([1, 2, 3, 4, 5].map((n) => scene.person(`many-${n}`)));
    const bystander = await scene.person("few-1");
    await scene.makeAccount(persons[4]!.userId, { locked: true });
    const sent = await scene.ok("notice", "send", "-r", "-p", "2", `@many-\\d-${scene.run}`, "to all");
    expect(list(sent)).toHaveLength(5);
    await scene.makeAccount(persons[4]!.userId, { locked: false });
    for (const person of persons) expect(await bodies(person)).toEqual(["to all"]);
    expect(await bodies(bystander)).toEqual([]);
  });

  it("--silent prints nothing; --from-file reads files", async () => {
    const person = await scene.person("filed");
    const folder = await mkdtemp(join(tmpdir(), "synadm-notice-"));
    const [plain, html] = [join(folder, "plain"), join(folder, "html")];
    await writeFile(plain, "Two\nlines\n");
    await writeFile(html, "<p>Two</p>");
    const result = await scene.synadm(["--batch", "notice", "send", "-s", "-f", person.localpart, plain, html]);
    expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await received(person)).toMatchObject([{ body: "Two\nlines\n", formatted_body: "<p>Two</p>" }]);
  });

  it("asks, shows whom it is for, and no means no", async () => {
    const person = await scene.person("unnoticed");
    const result = await scene.synadm(["notice", "send", person.localpart, "Hush"], { stdin: "n\n" });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(result.stderr).toContain(person.userId);
    expect(result.stderr).toContain("Hush");
    expect(await bodies(person)).toEqual([]);
  });

  it("to an unknown user is exit 1, and so is another server's", async () => {
    const { stderr } = await scene.refused("notice", "send", scene.name("nobody"), "Hello?");
    expect(stderr).toContain("M_NOT_FOUND");
    await scene.refused("notice", "send", "@somebody:elsewhere.test", "Hello?");
  });
});
