/** Two columns wide: East Asian scripts, full-width forms and what is shown as an emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\ufe0f]/u;
const widthless = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u;

let segmenter: Intl.Segmenter | undefined;

/** What is seen as one character: a letter with its marks, an emoji made of several. */
export function* characters(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter("en");
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** How many columns a visible text takes on a terminal. */
export function widthOf(text: string): number {
  if (/^[ -\u02ff]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of characters(text)) width += wide.test(character) ? 2 : widthless.test(character) ? 0 : 1;
  return width;
}

export function padded(text: string, width: number, align: "left" | "right"): string {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "left" ? text + blanks : blanks + text;
}

/** A text cut to a width, with an ellipsis at its end. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  for (const character of characters(text)) {
    left -= widthOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept.trimEnd() + "…";
}
