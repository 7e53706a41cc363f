import type { Formatter, Human, Page, View } from "./view.js";

export type { Block, Formatter, Human, Page, View } from "./view.js";
import { json, minified } from "./json.js";
import { visible } from "./visible.js";

export { visible };

export const formats = ["yaml", "json", "minified", "human", "pprint"] as const;
export type Format = (typeof formats)[number];

/**
 * Each is loaded, with the packages it needs, when it is asked for; JSON needs none. The human one is made of blocks, see
 * below.
 */
const formatters: Readonly<Record<Exclude<Format, "human">, () => Formatter | Promise<Formatter>>> = {
  yaml: async () => (await import("./yaml.js")).yaml,
  json: () => json,
  minified: () => minified,
  pprint: async () => (await import("./pprint.js")).pprint,
};

/** The format with this name or first letter. */
export function formatNamed(text: string): Format | undefined {
  return formats.find((format) => format === text || (text.length === 1 && format.startsWith(text)));
}

/** A document as chunks, made while they are taken, and words beside it, which only the human format has. */
export interface Rendered {
  chunks: Iterable<string>;
  notes: readonly string[];
}

export async function render<T>(format: Format, data: T, view: View<T>, page: Page): Promise<Rendered> {
  const dated = await dating(view, page);
  if (format === "human") {
    const { human } = await import("./human.js");
    const { blocks, notes = [] } = forPerson(view, data);
    const shown = blocks.map((block) => ({ ...block, data: dated(block.data) }));
    return { chunks: gathered(await human(shown, page, view)), notes: notes.map(visible) };
  }
  const formatter = await formatters[format]();
  return { chunks: gathered(formatter(dated(data), page)), notes: [] };
}

/** A view goes by what Synapse documents. An answer that it stumbles over is shown as it came. */
function forPerson<T>(view: View<T>, data: T): Human {
  const asItCame = { blocks: [{ data }] };
  try {
    return view.human?.(data) ?? asItCame;
  } catch (error) {
    if (error instanceof TypeError) return asItCame;
    throw error;
  }
}

/** What turns the view's points in time into dates, when the page wants that. */
async function dating<T>({ times = [], seconds = [] }: View<T>, page: Page): Promise<(data: unknown) => unknown> {
  if (!page.dates || times.length + seconds.length === 0) return (data) => data;
  const { withDates } = await import("./dates.js");
  return (data) => withDates(data, times, seconds);
}

/** A list item makes a small chunk; a stream is faster with larger ones. */
function* gathered(chunks: Iterable<string>): Generator<string> {
  let text = "";
  for (const chunk of chunks) {
    text += chunk;
    if (text.length >= 16384) {
      yield text;
      text = "";
    }
  }
  if (text !== "") yield text;
}
