/** A part of a long text: a title, paragraphs, and lists where an entry is a list of strings. */
export interface Part {
  /** Its place on the page, the same in every language: `/privacy#rights`. */
  readonly id: string;
  readonly title: string;
  readonly body: readonly (string | readonly string[])[];
}

/** A right over one's own data, and where it is one click away. */
export interface Right {
  readonly name: string;
  readonly law: string;
  readonly how: string;
  /** The place where it is done, if it is done on this site. */
  readonly link: { readonly to: string; readonly label: string } | null;
}

/** A cookie of this site. */
export interface Cookie {
  readonly name: string;
  readonly purpose: string;
  readonly lasts: string;
}

/** What is said of one kind of thing that is held; `promise.json` says it in English. */
export interface HeldWords {
  readonly what: string;
  readonly purpose: string;
  readonly kept: string;
  readonly on_deletion: string;
}

/** Words by the names that `promise.json` uses. */
export type ByName<T = string> = Readonly<Record<string, T>>;

/** The privacy policy in one language. */
export interface PrivacyTexts {
  readonly short: Part;
  /** What comes before the table of what is held. */
  readonly held: Part;
  readonly processors: Part;
  readonly rights: Part;
  readonly cookies: Part;
  readonly limits: Part;
  readonly rest: readonly Part[];
  readonly bases: ByName;
  readonly processorWords: ByName<{ readonly does: string; readonly gets: string; readonly place: string }>;
  readonly limited: ByName;
  readonly from: ByName;
  /** A limit as a sentence. */
  readonly limit: (most: number, what: string, span: string, from: string) => string;
  readonly rightList: readonly Right[];
  /** All cookies: the browser test sees a whole visit and fails if there is another. */
  readonly cookieList: readonly Cookie[];
  readonly heads: {
    readonly why: string;
    readonly basis: string;
    readonly howLong: string;
    readonly onDeletion: string;
    readonly inCopy: string;
    readonly yes: string;
    readonly no: string;
    readonly whatFor: string;
    readonly gets: string;
    readonly where: string;
  };
}

/** What is around every legal text. */
export interface FrameTexts {
  readonly privacy: string;
  readonly terms: string;
  readonly updated: string;
  readonly contents: string;
  readonly who: string;
  readonly nobody: string;
  readonly versions: string;
}
