import { useCallback, useEffect, useState } from "react";
import type { Problem, Product, Standing } from "../api/types";
import { countText, creditsText, dayText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { Arrival } from "./Arrival";
import { Entries } from "./Entries";
import { Shop } from "./Shop";

/** What there is, what can be bought, and every movement so far. */
export function CreditsPage() {
  const { api, refreshMe } = useShell();
  const [standing, setStanding] = useState<Standing | null>(null);
  const [products, setProducts] = useState<readonly Product[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  // Grows when credits have come: the list of movements is then read again.
  const [reads, setReads] = useState(0);

  const read = useCallback(async () => {
    const [stands, offered] = await Promise.all([api.standing(), api.products()]);
    if (stands.ok && offered.ok) {
      setStanding(stands.value);
      setProducts(offered.value.products);
    }
    setProblem(stands.ok ? (offered.ok ? null : offered.problem) : stands.problem);
  }, [api]);
  useEffect(() => {
    void (async () => { await read(); })();
  }, [read, reads]);

  const come = useCallback(() => { setReads((before) => before + 1); refreshMe(); }, [refreshMe]);
  return (
    <div className="credits">
      <h1>{words.credits.title}</h1>
      <Arrival onCome={come} />
      {problem !== null && (
        <Trouble explanation={explain(problem)}>
          <button type="button" className="button" onClick={() => void read()}>{words.shell.tryAgain}</button>
        </Trouble>
      )}
      {standing !== null && (
        <>
          <p className="credits-have mat"><strong>{creditsText(standing.available)}</strong>{standing.held > 0 && <span> · {words.credits.held(countText(standing.held))}</span>}</p>
          {standing.debt > 0 && (
            <p className="credits-debt" role="note">
              {words.credits.debt(creditsText(standing.debt))}
            </p>
          )}
          <Plan standing={standing} onProblem={setProblem} />
          <Shop products={products} subscribed={standing.subscription !== null} onProblem={setProblem} />
        </>
      )}
      <Entries key={reads} />
    </div>
  );
}

/** The subscription that runs, and the way to Stripe's page for cards, invoices and cancelling. */
function Plan({ standing, onProblem }: { standing: Standing; onProblem: (problem: Problem) => void }) {
  const { api } = useShell();
  const { subscription } = standing;
  const manage = async (): Promise<void> => {
    const answer = await api.portal();
    if (answer.ok) {
      location.assign(answer.value.url);
    } else {
      onProblem(answer.problem);
    }
  };
  if (!standing.has_portal) {
    return null;
  }
  return (
    <p className="credits-plan">
      {subscription !== null && <span>{planText(subscription)}</span>}
      <button type="button" className="button button-quiet" onClick={() => void manage()}>{words.credits.manage}</button>
    </p>
  );
}

const PLANS: Readonly<Partial<Record<string, string>>> = words.plan;

/** How the subscription stands; a state that this page does not know yet says its own name. */
function planText({ status, period_ends, ends_with_period }: NonNullable<Standing["subscription"]>): string {
  const state = PLANS[status] ?? status.replaceAll("_", " ");
  const { until, renews } = words.credits;
  const end = period_ends === null ? "" : (ends_with_period ? until : renews)(dayText(period_ends));
  return words.credits.plan(state, end);
}
