import { TERMS_CHANGES } from "./history";
import { LegalFrame, LegalPart } from "./LegalFrame";
import { VERSIONS } from "./promise";
import { TERMS } from "./termsText";

/** The terms of use. */
export function TermsPage() {
  return (
    <LegalFrame title="Terms" version={VERSIONS.terms} history={TERMS_CHANGES} contents={TERMS}>
      {TERMS.map((part) => <LegalPart key={part.id} part={part} />)}
    </LegalFrame>
  );
}
