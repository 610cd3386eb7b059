import { OPERATOR } from "./operator";
import { PROMISE } from "./promise";
import type { Part } from "./text";

/** The terms, part by part. Short on purpose: what is not here is as the law says. */
export const termsEn: readonly Part[] = [
  {
    id: "what",
    title: "What you get",
    body: [
      "ImageTo3D makes a 3D model from one photo. The shape is computed from what the photo shows and guessed where it shows nothing, so it may differ from the real thing. Look at a model before you rely on it.",
      `You need a Google account to sign in, and must be ${PROMISE.min_age} years or older.`,
    ],
  },
  {
    id: "yours",
    title: "Your photos and models stay yours",
    body: [
      "We get no right to them beyond what is needed to make, store and show them to you. We train nothing with them. You may use your models for whatever you like, also for money.",
    ],
  },
  {
    id: "upload",
    title: "What you may upload",
    body: [
      "Photos that you took or may use, of things that you may copy. Please keep out:",
      [
        "what breaks the law where you are, or somebody else's rights, for example copyright or a protected design;",
        "people who did not agree to it, and children;",
        "weapons and their parts, and anything made to hurt, deceive or harass somebody.",
      ],
      "Do not attack or overload the service, and do not use several accounts to get free credits more than once. The limits are in the privacy policy.",
    ],
  },
  {
    id: "credits",
    title: "Credits",
    body: [
      "One model costs one credit. It is held when you ask and taken when the model is finished; if none comes of it, it is given back.",
      "Prices are shown before you pay, and Stripe takes the payment. Credits do not expire while you have an account. They cannot be passed on or turned into money, and they end when the account is deleted.",
      "A monthly plan renews until you cancel it under Credits; it then runs to the end of the month that is paid.",
    ],
  },
  {
    id: "refunds",
    title: "Refunds",
    body: [
      "Write to us within 14 days of a purchase and you get the money back for credits that you have not used. If the service did something wrong, we give back the credits that it cost, without a time limit. What the law gives you as a consumer is not touched by this.",
      "When a purchase is refunded or disputed, its credits go. If they were already used, the account has a debt that the next purchase pays first.",
    ],
  },
  {
    id: "end",
    title: "Leaving, and being asked to leave",
    body: [
      `You can delete your account at any time; it is done after ${PROMISE.grace_days} days in which you can change your mind.`,
      "If somebody breaks these terms, we may block the account. A blocked account makes no new models and buys nothing, but its owner can still see, download, export and delete what is in it, and may write to us about it. Credits that were paid for and not used are refunded, unless they were paid for by fraud.",
    ],
  },
  {
    id: "liability",
    title: "What we promise, and what we do not",
    body: [
      "We run the service with care, but it may be down, slow or wrong, and we cannot promise that a model fits your purpose. Keep a copy of models that matter to you.",
      "As far as the law allows, the service comes without warranty, and we are liable only for intent and gross negligence, for harm to life and health, and for duties without which the service would make no sense, then up to the damage that could be foreseen. Rights that the law does not let us limit stay as they are.",
    ],
  },
  {
    id: "changes",
    title: "When these terms change",
    body: [
      "The date at the top is the day of the last change. We write to you before a change takes effect and ask for your agreement on the site. If you do not agree, you can delete the account, and unused credits that you paid for are refunded.",
    ],
  },
  {
    id: "law",
    title: "Law",
    body: [
      `These terms are under ${OPERATOR.law.en}. If you are a consumer, the protection of the law where you live stays with you. If one sentence here should not hold, the rest does.`,
    ],
  },
];
