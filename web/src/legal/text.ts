/** A part of a long text: a title, paragraphs, and lists where an entry is a list of strings. */
export interface Part {
  /** Its place on the page: `/privacy#rights`. */
  readonly id: string;
  readonly title: string;
  readonly body: readonly (string | readonly string[])[];
}
