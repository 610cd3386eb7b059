/** The languages of the page, each by its own name. */
export const LANGUAGES = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof LANGUAGES;

/** What the address wishes, or the first of the browser's languages that we speak; otherwise English. */
export function chosenLanguage(search: string, wishes: readonly string[]): Language {
  const asked = new URLSearchParams(search).get("lang");
  const spoken = [...(asked === null ? [] : [asked]), ...wishes].map((wish) => wish.slice(0, 2).toLowerCase());
  return spoken.find((wish): wish is Language => wish in LANGUAGES) ?? "en";
}
