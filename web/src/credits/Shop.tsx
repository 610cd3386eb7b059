import { useRef, useState } from "react";
import type { Problem, Product } from "../api/types";
import { freshKey } from "../create/flow";
import { moneyText } from "../format";
import { useShell } from "../shell/context";

const CURRENCIES: ReadonlyMap<string, string> = new Map([["usd", "US dollars"], ["eur", "Euros"], ["gbp", "Pounds"], ["jpy", "Yen"]]);

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

  const buy = async (product: Product): Promise<void> => {
    const wish = `${product.id} ${currency}`;
    const key = keys.current.get(wish) ?? freshKey();
    keys.current.set(wish, key);
    setGoing(product.id);
    announce("Opening Stripe's page.");
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
      <h2 id="shop-title">Buy credits</h2>
      <label className="shop-currency">
        Currency
        <select value={currency} onChange={(event) => { setCurrency(event.target.value); }}>
          {[...CURRENCIES].map(([code, name]) => <option key={code} value={code}>{name}</option>)}
        </select>
      </label>
      <ul className="shop-list">
        {products.map((product) => {
          const price = moneyText(product.prices[currency] ?? 0, currency);
          const taken = product.every_month && subscribed;
          return (
            <li key={product.id} className="shop-item">
              <strong>{product.name}</strong>
              <span>{price}{product.every_month ? " a month" : ""}</span>
              <button type="button" className="button" disabled={taken || going !== null} onClick={() => void buy(product)}>
                {taken ? "Running" : going === product.id ? "Opening …" : product.every_month ? "Subscribe" : "Buy"}
                <span className="unseen"> {product.name} for {price}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className="shop-small">You pay on Stripe's page. One model costs one credit; if a model fails, its credit comes back. Credits do not expire while you have an account. Taxes are added where they are due.</p>
    </section>
  );
}
