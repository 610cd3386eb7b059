import { de } from "./de";
import { en, type Words } from "./en";
import { notChargedDe, problemsDe, worksAgainDe } from "./problemsDe";
import { notChargedEn, problemsEn, worksAgainEn, type ProblemWords } from "./problemsEn";
import { chosenLanguage, type Language } from "./languages";

const ALL: Readonly<Record<Language, Words>> = { en, de };

/** The language of this page, settled once when it is loaded: the address (`?lang=de`) or else the browser says which. */
export const language: Language = typeof document === "undefined" ? "en" : chosenLanguage(location.search, navigator.languages);

/** How numbers and days are written. */
export const locale = language === "en" ? "en-GB" : "de-DE";

/** Every sentence of the page. */
export const words: Words = ALL[language];

interface Problems {
  readonly texts: ProblemWords;
  readonly notCharged: (advice: string) => string;
  readonly worksAgain: (time: string) => string;
}

const PROBLEMS: Readonly<Record<Language, Problems>> = {
  en: { texts: problemsEn, notCharged: notChargedEn, worksAgain: worksAgainEn },
  de: { texts: problemsDe, notCharged: notChargedDe, worksAgain: worksAgainDe },
};

/** The words of every problem. */
export const problemWords: Problems = PROBLEMS[language];
