import { useEffect, useRef, useState } from "react";
import type { Problem, Product } from "../api/types";
import { freshKey } from "../create/flow";
import { creditsText, moneyText } from "../format";
import { useShell } from "../shell/context";
import { words } from "../words";

const CURRENCIES: ReadonlyMap<string, string> = new Map([["usd", words.shop.usd], ["eur", words.shop.eur], ["gbp", words.shop.gbp], ["jpy", words.shop.jpy]]);

/** What can be bought. Paying happens on Stripe's page, and no card comes near this one. */
export function Shop({ products, subscribed, onProblem }: {
  products: readonly Product[];
  subscribed: boolean;
  onProblem: (problem: Problem) => void;
}) {
  const { api, announce } = useShell();
  const [currency, setCurrency] = useState("eur");
  const [going, setGoing] = useState<string | null>(null);
  // One key for one wish: a second click asks for the same page.
  const keys = useRef(new Map<string, string>());

  // Back from Stripe's page the browser may show this one as it was left.
  useEffect(() => {
    const back = (event: PageTransitionEvent): void => {
      if (event.persisted) {
        setGoing(null);
      }
    };
    window.addEventListener("pageshow", back);
    return () => { window.removeEventListener("pageshow", back); };
  }, []);

  const buy = async (product: Product): Promise<void> => {
    const wish = `${product.id} ${currency}`;
    const key = keys.current.get(wish) ?? freshKey();
    keys.current.set(wish, key);
    setGoing(product.id);
    announce(words.shop.goes);
    const answer = await api.checkout(key, { product: product.id, currency });
    if (answer.ok) {
      location.assign(answer.value.url);
      return;
    }
    setGoing(null);
    onProblem(answer.problem);
  };
  return (
    <section className="shop" aria-labelledby="shop-title">
      <h2 id="shop-title">{words.shop.title}</h2>
      <label className="shop-currency">
        {words.shop.currency}
        <select value={currency} onChange={(event) => { setCurrency(event.target.value); }}>
          {[...CURRENCIES].map(([code, name]) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <ul className="shop-list">
        {products.map((product) => {
          const price = moneyText(product.prices[currency] ?? 0, currency);
          const name = product.every_month ? words.shop.monthly(creditsText(product.credits)) : words.shop.once(creditsText(product.credits));
          const taken = product.every_month && subscribed;
          return (
            <li key={product.id} className="shop-item">
              <strong>{name}</strong>
              <span>{product.every_month ? words.shop.aMonth(price) : price}</span>
              <button type="button" className="button" disabled={taken || going !== null} onClick={() => void buy(product)}>
                {taken ? words.shop.running : going === product.id ? words.shop.opening : product.every_month ? words.shop.subscribe : words.shop.buy}
                <span className="unseen">{words.shop.item(name, price)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className="shop-small">{words.shop.small}</p>
    </section>
  );
}
