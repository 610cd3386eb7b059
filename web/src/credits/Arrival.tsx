import { useEffect, useState } from "react";
import type { CheckoutState } from "../api/types";
import { creditsText } from "../format";
import { useShell } from "../shell/context";
import { words } from "../words";

/** How often and how long it is asked whether Stripe has told of the payment; it does within seconds. */
const PAUSE_MS = 1000;
const QUESTIONS = 60;

const WORDS: Readonly<Record<Exclude<CheckoutState["state"], "paid">, string>> = {
  waiting: words.arrival.waiting,
  pending: words.arrival.pending,
  failed: words.arrival.failed,
};

/** For whoever comes back from paying: the credits arrive while one looks. */
export function Arrival({ onCome }: { onCome: () => void }) {
  const { api, announce } = useShell();
  const [checkout] = useState(() => new URLSearchParams(location.search).get("checkout"));
  const [state, setState] = useState<CheckoutState>({ state: "waiting", credits: 0 });

  useEffect(() => {
    if (checkout === null) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = true;
    const ask = async (questions: number): Promise<void> => {
      const answer = await api.checkoutState(checkout);
      if (!left) {
        return;
      }
      if (answer.ok) {
        setState(answer.value);
        if (answer.value.state === "paid") {
          announce(words.arrival.come(creditsText(answer.value.credits)));
          onCome();
        }
      }
      if ((!answer.ok || answer.value.state === "waiting") && questions > 1) {
        timer = setTimeout(() => void ask(questions - 1), PAUSE_MS);
      }
    };
    void ask(QUESTIONS);
    return () => { left = false; clearTimeout(timer); };
  }, [api, announce, checkout, onCome]);

  if (checkout === null) {
    return null;
  }
  const text = state.state === "paid" ? words.arrival.paid(creditsText(state.credits)) : WORDS[state.state];
  return <p className={`credits-arrival credits-${state.state}`}>{text}</p>;
}
