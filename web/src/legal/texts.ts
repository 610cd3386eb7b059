import { spanText } from "../format";
import { language } from "../words";
import type { Language } from "../words/languages";
import { privacyDe } from "./privacyDe";
import { privacyEn } from "./privacyEn";
import type { Limit } from "./promise";
import { termsDe } from "./termsDe";
import { termsEn } from "./termsEn";
import type { FrameTexts, Part, PrivacyTexts } from "./text";

/** The legal texts in every language. */
export const PRIVACY: Readonly<Record<Language, PrivacyTexts>> = { en: privacyEn, de: privacyDe };
export const TERMS: Readonly<Record<Language, readonly Part[]>> = { en: termsEn, de: termsDe };

export const FRAME: Readonly<Record<Language, FrameTexts>> = {
  en: {
    privacy: "Privacy policy",
    terms: "Terms",
    updated: "Last updated",
    contents: "On this page",
    who: "Who we are",
    nobody: "Whoever runs this copy of ImageTo3D has not written down their name yet. It belongs into web/src/legal/operator.ts, before anybody else uses it.",
    versions: "Versions",
  },
  de: {
    privacy: "Datenschutzerklärung",
    terms: "Bedingungen",
    updated: "Zuletzt geändert am",
    contents: "Auf dieser Seite",
    who: "Wer wir sind",
    nobody: "Wer diese Kopie von ImageTo3D betreibt, hat seinen Namen noch nicht eingetragen. Er gehört in web/src/legal/operator.ts, bevor jemand anderes sie nutzt.",
    versions: "Fassungen",
  },
};

/** A limit as a sentence: At most 60 sign-ins in 10 minutes from one IP address. */
export function limitText({ what, most, per, seconds }: Limit, texts: PrivacyTexts = PRIVACY[language]): string {
  return texts.limit(most, texts.limited[what] ?? what, spanText(seconds), texts.from[per] ?? per);
}
