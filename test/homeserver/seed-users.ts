import { DAY } from "./time.js";
import { type Device, type NewUser, makeDevice } from "./user.js";
import type { World } from "./world.js";

/** Names by which strangers try to harm a terminal, a table, a YAML file or a spreadsheet. */
export const HOSTILE_NAMES: Readonly<Record<string, string | null>> = {
  escape: "\u001b[31mred\u001b[0m\u001b]0;owned\u0007",
  clear: "\u001b[2J\u001b[H\u009b1mgone",
  bidi: "\u202egnp.exe\u202c \u2066isolate\u2069",
  newline: "line one\nline two\r\ncolumn\tthree",
  html: "<b>bold</b><script>alert(1)</script>&amp;",
  emoji: "👩‍👩‍👧‍👦 Family 🏳️‍🌈",
  wide: "日本語の名前を持つ利用者です",
  zalgo: "Z̸̧̢a̴̛l̵g̷o",
  yaml: "yes",
  nothing: "null",
  formula: '=HYPERLINK("http://evil.test","x")',
  long: `${"very long ".repeat(25)}name`,
};

/** Every seeded account that can log in has the password `<localpart>-password`. */
export function seedUsers(world: World): void {
  const start = Math.floor(world.now() / 1000) * 1000;
  const add = (localpart: string, daysAgo: number, fields: NewUser = {}, devices: Device[] = []): void => {
    const creationTs = start - daysAgo * DAY;
    const password = fields.deactivated === true ? null : `${localpart}-password`;
    world.addUser(localpart, { password, creationTs, ...fields }, devices);
  };
  const device = (deviceId: string, displayName: string | null, daysAgo: number): Device =>
    makeDevice(deviceId, {
      displayName,
      lastSeenTs: start - daysAgo * DAY,
      lastSeenIp: "192.0.2.17",
      lastSeenUserAgent: "Mozilla/5.0 (X11; Linux x86_64)",
    });

  const validated = start - 800 * DAY;
  add(
    "alice",
    1500,
    {
      displayname: "Alice Łódź 日本",
      avatarUrl: `mxc://${world.serverName}/alicesavatar`,
      threepids: [
        { medium: "email", address: "alice@mail.test", validated_at: validated, added_at: validated },
        { medium: "msisdn", address: "447700900000", validated_at: validated, added_at: validated },
      ],
      externalIds: [
        { auth_provider: "oidc", external_id: "ext-1" },
        { auth_provider: "saml", external_id: "ext/2 ü" },
      ],
      connections: [
        { ip: "192.0.2.17", last_seen: start - 2 * DAY, user_agent: "Mozilla/5.0 (X11; Linux x86_64)" },
        { ip: "2001:db8::17", last_seen: start - 40 * DAY, user_agent: "Element/1.6 (Android 14)" },
      ],
    },
    [
      device("OLDDEV", "old phone", 1400),
      // A session that never made a request: a fresh login looks like this.
      makeDevice("NEVER"),
      device("MIDDEV", null, 100),
      device("NEWDEV", "laptop", 2),
    ],
  );
  add("bob", 1400, { userType: "bot", displayname: "Bob the Bot" }, [device("BOTDEV", "bot", 0)]);
  add("carol", 1300, { shadowBanned: true, displayname: "carol" }, [device("CAROLDEV", "phone", 20)]);
  add("dave.old", 1200, { displayname: null }, [
    device("DAVEDEV", "tablet", 700),
    makeDevice("DEHYDRATED", { displayName: "Dehydrated device", dehydrated: true }),
  ]);
  add("erin", 900, { displayname: "Erin", locked: true }, [device("ERINDEV", "phone", 300)]);
  add("frank", 700, { displayname: "Frank", suspended: true }, [device("FRANKDEV", "phone", 9)]);
  add("grace", 650, { displayname: null, deactivated: true, erased: true });
  add("heidi", 600, { displayname: "Heidi from support", userType: "support" });
  add("ivan", 550, { displayname: "Ivan", deactivated: true });
  add("judy", 500, { displayname: "Judy", admin: true }, [device("JUDYDEV", "desk", 1)]);
  add("spam1", 30, { displayname: "spam1" });
  add("spam2", 30, { displayname: 'O\'Hara: "quoted", {x}' });
  add("spam3", 29, { displayname: "CHEAP COINS %s %d {0} ${HOME}" });
  add("1", 20, { isGuest: true, displayname: "1", password: null });
  add("2", 10, { isGuest: true, displayname: "2", password: null });
  // Signs that must be encoded in a path, and a historical ID that could not be made today.
  add("a.b-c=d_e/f+g", 400, { displayname: "Slash" });
  add("Old.User!", 1900, { displayname: "Historical" });
  for (const [localpart, displayname] of Object.entries(HOSTILE_NAMES)) {
    add(`hostile.${localpart}`, 60, { displayname });
  }
}
