import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

/** What must not be repeated, whatever is wrong with the line. */
const secret = "hunter2syt_s3cret";

describe("a mistake beside a secret", () => {
  it.each([
    ["user password alice --pass=SECRET", "unknown option '--pass'"],
    ["user password alice --pasword=SECRET", "unknown option '--pasword'\n(Did you mean --password?)"],
    ["matrix login a --pasword=SECRET", "unknown option '--pasword'\n(Did you mean --password?)"],
    ["config --tokn=SECRET", "unknown option '--tokn'\n(Did you mean --token?)"],
    ["config --tokn SECRET", "unknown option '--tokn'\n(Did you mean --token?)"],
    ["config --token-stdin=SECRET", "option '--token-stdin' takes no value"],
    ["config --token-command=x --token-stdin=SECRET", "option '--token-stdin' takes no value"],
    ["--token=SECRET user list", "unknown option '--token'"],
    ["--token SECRET user list", "unknown option '--token'"],
    ["user --password=SECRET modify alice", "unknown option '--password'"],
    ["user --password SECRET modify alice", "unknown option '--password'"],
    ["user list --token=SECRET", "unknown option '--token'"],
    ["user list --token=a=b=SECRET", "unknown option '--token'"],
    ["user list alice -qSECRET", "unknown option '-q'"],
    ["user modify alice -zSECRET", "unknown option '-z'"],
    ["user modify alice -pSECRET", "unknown option '-h…'"], // -p has no value, so that the rest is read as options
    ["user modify alice --password-prompt=SECRET", "option '--password-prompt' takes no value"],
    ["matrix raw x -pSECRET", "unknown option '-h…'"],
    ["matrix raw x -pmSECRET", "option '-m, --method <method>' argument is invalid. Allowed choices are"],
    ["config -othSECRET", "option '-o, --output <format>' argument is invalid. It must be one of yaml"],
    ["user list -help", "unknown option '-help'\n(Did you mean --help?)"],
    ["-help", "unknown option '-help'\n(Did you mean --help?)"],
    ["raw v1/x --dta=SECRET", "unknown option '--dta'\n(Did you mean --data?)"],
    ["raw v1/x -d SECRET -f SECRET", "cannot be used with"],
    ["user password alice SECRET", "too many arguments"],
    ["user password alice --password SECRET --password-stdin x", "too many arguments"],
    ["user password --password SECRET", "missing required argument 'user-id'"],
    ["regtok details -SECRET", "unknown option '-h…'\nhint: a value that begins with a dash is given after --"],
    ["--batch=SECRET user list", "option '--batch' takes no value"],
    ["user list --batch=SECRET", "option '--batch' takes no value"],
    ["user list --help=SECRET", "option '--help' takes no value"],
  ])("does not repeat it: %s", async (line, says) => {
    const { code, stdout, stderr } = await synadm(line.replaceAll("SECRET", secret).split(" "));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: /);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/hunter|s3cret/);
  });
});

it("an option without a value says that it takes none", async () => {
  expect(await synadm(["user", "modify", "--admin=true", "alice"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "synadm: option '--admin' takes no value\n",
  });
});
