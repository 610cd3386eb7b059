import { PROMISE } from "./promise";
import type { Part } from "./text";

/** The whole policy in a few sentences. */
export const IN_SHORT: readonly string[] = [
  "Your photos and models are used to make your models, and for nothing else. No model learns from them.",
  "We never sell or share personal data, and there is no advertising and no tracking.",
  "You can see, correct, take with you and delete everything yourself, in your account.",
  `The service is for people of ${PROMISE.min_age} years and older.`,
];

/** What comes before the table of what is held. */
export const HELD_INTRO: readonly string[] = [
  "This list is made from the same table in our code that sets how long each thing is kept, so that the two cannot differ.",
  "Sign-in with Google tells us your name, your e-mail address and a number that stands for you there. We do not take the picture.",
  "We use what is listed to give you the service and keep it running, to make models of your photos, to take payments, to write to you about your account, to improve the service if you allow it, to notice misuse, and to do what the law asks. There are no other purposes.",
];

export const PROCESSORS_INTRO =
  "These companies work for us or receive what their part needs. Nobody else does, unless a court or an authority orders it.";

export const LIMITS_INTRO =
  "So that nobody can overrun the service, we count how often something is asked for. Beyond a limit the service says when it works again; nothing else happens.";

export const PARTS: readonly Part[] = [
  {
    id: "safe",
    title: "How it is kept safe",
    body: [
      "Everything travels encrypted and lies encrypted. Photos and models lie in private storage; a link to a file works for five minutes and only you can ask for one.",
      "Cards are entered on Stripe's own page and never reach us. Technical logs hold no name, no e-mail address, no IP address and no content.",
      `You see every sign-in, purchase, copy and deletion under Activity in your account, and you can end any session there. Backups end by themselves after ${PROMISE.backup_days} days.`,
    ],
  },
  {
    id: "age",
    title: `${PROMISE.min_age} years and older`,
    body: [
      `The service is not for people under ${PROMISE.min_age}. We ask for your age group once, before anything else, and keep only the answer “${PROMISE.min_age} or older”. If the answer is no, you are signed out at once and the account is deleted within minutes. If you think that a child uses the service, write to us and we delete the account.`,
    ],
  },
  {
    id: "changes",
    title: "When this policy changes",
    body: [
      "The date at the top is the day of the last change. We write to you before a change takes effect, and the site shows what is new the next time you come. If you do not agree, you can take a copy of your data and delete the account.",
    ],
  },
];
