import type { Language } from "../words/languages";

/** Who runs this copy of the service. */
export interface Operator {
  /** `false` until somebody wrote their own name here; the pages then say that it is missing. */
  readonly filledIn: boolean;
  readonly name: string;
  /** Street, town, country, on one line. */
  readonly address: string;
  /** Where questions, requests and complaints go. */
  readonly email: string;
  /** Whose law the terms are under, in each language: `the law of Ireland`, `das Recht Irlands`. */
  readonly law: Readonly<Record<Language, string>>;
}

// FILL THIS IN before you open the service to anybody: the law asks for it, and the pages /privacy and /terms show it.
export const OPERATOR: Operator = {
  filledIn: false,
  name: "",
  address: "",
  email: "",
  law: {
    en: "the law of the country in which the operator is established",
    de: "das Recht des Landes, in dem der Betreiber niedergelassen ist",
  },
};
