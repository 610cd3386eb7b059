/** Who runs this copy of the service. */
export interface Operator {
  /** `false` until somebody wrote their own name here; the pages then say that it is missing. */
  readonly filledIn: boolean;
  readonly name: string;
  /** Street, town, country, on one line. */
  readonly address: string;
  /** Where questions, requests and complaints go. */
  readonly email: string;
  /** Whose law the terms are under, for example `the law of Ireland`. */
  readonly law: string;
}

// FILL THIS IN before you open the service to anybody: the law asks for it, and the pages /privacy and /terms show it.
export const OPERATOR: Operator = {
  filledIn: false,
  name: "The operator of this service",
  address: "address not filled in yet",
  email: "e-mail address not filled in yet",
  law: "the law of the country in which the operator is established",
};
