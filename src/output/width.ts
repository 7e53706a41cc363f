import stringWidth from "string-width"; // the one that cli-table3 measures with: both must agree

let segmenter: Intl.Segmenter | undefined;

/** What is seen as one character: a letter with its marks, an emoji made of several. */
export function* characters(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter("en");
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** How many columns a visible text takes on a terminal. */
export function widthOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
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
