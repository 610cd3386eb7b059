import { language } from "../words";
import { TERMS_CHANGES } from "./history";
import { LegalFrame, LegalPart } from "./LegalFrame";
import { VERSIONS } from "./promise";
import { FRAME, TERMS } from "./texts";

/** The terms of use. */
export default function TermsPage() {
  const terms = TERMS[language];
  return (
    <LegalFrame title={FRAME[language].terms} version={VERSIONS.terms} history={TERMS_CHANGES} contents={terms}>
      {terms.map((part) => <LegalPart key={part.id} part={part} />)}
    </LegalFrame>
  );
}
