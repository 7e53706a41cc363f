/** The page that is written on. */
export interface Page {
  /** In columns. */
  width: number;
  colour: boolean;
  /** Points in time as local dates instead of numbers. */
  dates: boolean;
}

/** Turns data into chunks of text, which together end without a newline. */
export type Formatter = (data: unknown, page: Page) => Iterable<string>;

/** One table, list or record of the human format. */
export interface Block {
  data: unknown;
  /** The columns of a table or the lines of a record, in this order; otherwise all, as they come. */
  columns?: readonly string[];
  /** Columns that leave out the time of the day where the table would not fit the page with it. */
  days?: readonly string[];
  heading?: string;
  /** What to say of an empty list or record; `(none)` otherwise. */
  empty?: string;
}

export interface Human {
  /** The result, for stdout. */
  blocks: readonly Block[];
  /** Words beside it, for stderr. */
  notes?: readonly string[];
}

/** What the formatters should know of some data. The fields are meant at any depth. */
export interface View<T> {
  /** Fields with milliseconds since the epoch. */
  times?: readonly string[];
  /** Fields with seconds since the epoch. */
  seconds?: readonly string[];
  /** Fields with a number of bytes. */
  sizes?: readonly string[];
  /** How a person sees it; without it the data is shown as one block. */
  human?(data: T): Human;
}

/** What the view says of fields by their names. */
export type FieldKinds = Pick<View<unknown>, "times" | "seconds" | "sizes">;
