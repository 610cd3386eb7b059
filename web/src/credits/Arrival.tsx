import { useEffect, useState } from "react";
import type { CheckoutState } from "../api/types";
import { creditsText } from "../format";
import { useShell } from "../shell/context";

/** How often and how long it is asked whether Stripe has told of the payment; it does within seconds. */
const PAUSE_MS = 1000;
const QUESTIONS = 60;

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
          announce(`${creditsText(answer.value.credits)} have arrived.`);
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
  const words: Readonly<Record<CheckoutState["state"], string>> = {
    waiting: "Thank you. Waiting for Stripe to confirm your payment …",
    pending: "Thank you. The money is on its way; the credits come when it has arrived.",
    failed: "The payment did not come through, and nothing was charged.",
    paid: `Thank you. ${creditsText(state.credits)} have arrived.`,
  };
  return <p className={`credits-arrival credits-${state.state}`}>{words[state.state]}</p>;
}
