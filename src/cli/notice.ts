import { HttpError } from "../api/errors.js";
import type { ServerNotice } from "../api/index.js";
import { Option, type Command } from "./command.js";
import type { Context } from "./context.js";
import { firstOf } from "./counted.js";
import { UsageError } from "./errors.js";
import { eachInTurn, throwUnlessDone, type Outcome, type Outcomes } from "./items.js";
import { integer, userIdHelp } from "./options.js";
import { matching } from "./matching.js";
import { warnOfShortList } from "./pages.js";
import { userPattern } from "./python-regex.js";
import { readTextFile } from "./read-text.js";
import type { View } from "../output/index.js";

interface SendOptions {
  fromFile?: boolean;
  regex?: boolean;
  batchSize: number;
  previewLength: number;
  silent?: boolean;
}

/** A text in its two forms. */
interface Message {
  plain: string;
  html: string;
}

export function register(notice: Command, ctx: Context): void {
  notice
    .command("send")
    .summary("Send a server notice to a user, or to many.")
    .description(
      "Send a server notice: a message in a room of its own, which the user cannot leave while the server insists. The " +
        "server must be set up for it (server_notices). Shows recipients and text, and asks once. Prints a list with an " +
        "event ID for each notice; if some could not be sent, it names every recipient.",
    )
    .argument("<to>", `${userIdHelp}; with --regex an expression that full Matrix IDs begin with`)
    .argument("<plain>", "the text")
    .argument("[formatted]", "the text in HTML (default: the plain text, with its special characters escaped)")
    .option("-f, --from-file", "PLAIN and FORMATTED are files with the texts")
    .addOption(
      new Option("-p, --batch-size <number>", "with --regex, how many accounts to ask for at once", {
        also: ["--paginate"],
      })
        .argParser(integer(1))
        .default(100),
    )
    .option(
      "-r, --regex",
      "send to every account whose full Matrix ID begins with what TO describes, such as '@(alice|bob):'; locked ones too, deactivated ones not",
    )
    .addOption(
      new Option("-l, --preview-length <number>", "how many recipients to show before the question")
        .argParser(integer())
        .default(10),
    )
    .option("-s, --silent", "do not print what came of it; errors are still said")
    .action(async (to: string, plain: string, formatted: string | undefined, options: SendOptions) => {
      const message = await messageFrom(plain, formatted || undefined, options.fromFile === true);
      const recipients =
        options.regex === true ? await recipientsOf(ctx, to, options.batchSize) : [await ctx.userId(to)];
      if (recipients.length > 0) {
        await ctx.preview({ recipients, message }, sendView(options.previewLength));
        await ctx.confirm(
          `Send this notice to ${recipients.length === 1 ? recipients[0] : `${recipients.length} users`}?`,
        );
      } else {
        ctx.note("no account matches");
      }
      const { serverNotices } = await ctx.admin();
      const content = contentOf(message);
      const sent = await eachInTurn(ctx, recipients, (user) => serverNotices.send(user, { content }));
      if (options.silent !== true) await printSent(ctx, sent);
      throwUnlessDone(ctx, sent);
    })
    .examples(
      "synadm notice send alice 'Please choose a longer password.'",
      "synadm notice send --regex --from-file '@.*' notice.txt notice.html",
    );
}

async function messageFrom(plain: string, formatted: string | undefined, fromFile: boolean): Promise<Message> {
  const text = await readNotice(plain, fromFile, "the notice");
  const html = formatted === undefined ? asHtml(text) : await readNotice(formatted, fromFile, "the formatted notice");
  return { plain: text, html };
}

/** @param source the text, or its file */
async function readNotice(source: string, fromFile: boolean, name: string): Promise<string> {
  const text = fromFile ? (await readTextFile(source, "--from-file")).replace(/\r\n?/g, "\n") : source;
  if (text.trim() === "") throw new UsageError(`${name} is empty`);
  return text;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** HTML that shows the text as it is, with its lines; the newline at its end is no line. */
function asHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character).replace(/\n(?!\n*$)/g, "<br>\n");
}

function contentOf({ plain, html }: Message): ServerNotice["content"] {
  return { msgtype: "m.text", body: plain, format: "org.matrix.custom.html", formatted_body: html };
}

/** All of them before the first is sent to, each once: an account that is made meanwhile shifts the pages. */
async function recipientsOf(ctx: Context, expression: string, limit: number): Promise<string[]> {
  const pattern = userPattern(expression);
  const { users } = await ctx.admin();
  const all = users.all({ limit, locked: true, onShort: () => warnOfShortList(ctx) });
  const names = new Set<string>();
  for await (const { name } of matching(pattern, all)) names.add(name);
  return [...names];
}

function sendView(length: number): View<{ recipients: readonly string[]; message: Message }> {
  return {
    human: ({ recipients, message: { plain, html } }) => ({
      blocks: [
        { heading: `Recipients (${recipients.length})`, data: firstOf(recipients, length) },
        { heading: "Text", data: linesOf(plain) },
        ...(html === plain ? [] : [{ heading: "HTML", data: linesOf(html) }]),
      ],
    }),
  };
}

function linesOf(text: string): string[] {
  return text.replace(/\n+$/, "").split("\n");
}

interface Sent {
  event_id: string;
}

/** The homeserver's answers as they came, or where some were refusals, whom each was for. */
async function printSent(ctx: Context, { outcomes, failure }: Outcomes<Sent>): Promise<void> {
  const done = outcomes.flatMap((item) => ("result" in item ? [item.result] : []));
  const refusal = failure instanceof HttpError ? failure.body : undefined;
  if (failure !== undefined && done.length === 0 && refusal === undefined) return; // there is no answer to print
  const view: View<unknown> = {
    human: () => ({
      blocks: [
        { data: outcomes.map(named), columns: ["user_id", "event_id", ...(failure === undefined ? [] : ["error"])] },
      ],
      notes: [`${done.length} sent`],
    }),
  };
  if (failure === undefined) return ctx.print(done, view);
  if (outcomes.length > 1) return ctx.print(outcomes.map(named), view);
  if ((await ctx.format()) !== "human") await ctx.print([refusal]);
}

function named(item: Outcome<Sent>): object {
  const user = { user_id: item.target };
  if ("result" in item) return { ...user, ...item.result };
  return { ...user, error: item.outcome === "failed" ? item.error : `not tried: ${item.error}` };
}
