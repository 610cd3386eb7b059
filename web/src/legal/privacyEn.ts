import { PROMISE } from "./promise";
import type { PrivacyTexts } from "./text";

export const privacyEn: PrivacyTexts = {
  short: {
    id: "short",
    title: "In short",
    body: [[
      "Your photos and models are used to make your models, and for nothing else. No model learns from them.",
      "We never sell or share personal data, and there is no advertising and no tracking.",
      "You can see, correct, take with you and delete everything yourself, in your account.",
      `The service is for people of ${PROMISE.min_age} years and older.`,
    ]],
  },
  held: {
    id: "held",
    title: "What we hold, why, and how long",
    body: [
      "This list is made from the same table in our code that sets how long each thing is kept, so that the two cannot differ.",
      "Sign-in with Google tells us your name, your e-mail address and a number that stands for you there. We do not take the picture.",
      "We use what is listed to give you the service and keep it running, to make models of your photos, to take payments, to write to you about your account, to improve the service if you allow it, to notice misuse, and to do what the law asks. There are no other purposes.",
    ],
  },
  processors: {
    id: "processors",
    title: "Who helps us",
    body: ["These companies work for us or receive what their part needs. Nobody else does, unless a court or an authority orders it."],
  },
  rights: { id: "rights", title: "Your rights", body: ["Whoever you are and wherever you live, you have all of these."] },
  cookies: {
    id: "cookies",
    title: "Cookies",
    body: [
      "These two cookies are needed to sign in, so the law asks for no consent and you see no cookie banner. Both are sent only over an encrypted connection (Secure), are out of reach for scripts (HttpOnly), are not sent along when another site asks in the background (SameSite=Lax), and hold for this site alone.",
      "Your browser also keeps the site's own files (its page, scripts, styles and pictures), so that the site opens without a network and can say so. They are the same for everybody and hold nothing about you: no photo, no model, nothing of your account.",
      "Nothing else is stored in your browser: no local storage, no database, no fingerprint. No other company's script, font or picture is loaded. Google and Stripe set their own cookies only on their own pages, when you sign in or pay.",
    ],
  },
  limits: {
    id: "limits",
    title: "Limits against misuse",
    body: ["So that nobody can overrun the service, we count how often something is asked for. Beyond a limit the service says when it works again; nothing else happens."],
  },
  rest: [
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
  ],
  bases: {
    contract: "Contract: without it we could not give you the service (GDPR Art. 6(1)(b))",
    legal_duty: "Legal duty (GDPR Art. 6(1)(c))",
    legitimate_interest: "Legitimate interest in a service that is safe and runs (GDPR Art. 6(1)(f))",
    consent: "Your consent, which you can withdraw at any time (GDPR Art. 6(1)(a))",
  },
  processorWords: Object.fromEntries(PROMISE.processors.map(({ name, does, gets, place }) => [name, { does, gets, place }])),
  limited: {
    "sign-in": "sign-ins",
    upload: "photos sent",
    create: "models asked for",
    "key-create": "models asked for",
    stream: "models followed live",
    checkout: "purchases begun",
    shared: "looks at models that are shared by a link",
    export: "copies of your data",
    webhook: "changes of webhooks",
    "webhook-send": "messages sent by hand to webhooks",
  },
  from: { person: "for one person", address: "from one IP address", key: "with one API key" },
  limit: (most, what, span, from) => `At most ${most} ${what} in ${span} ${from}.`,
  rightList: [
    {
      name: "Access: know what is held of you",
      law: "GDPR Art. 15; right to know, CCPA",
      how: `Ask for a copy. It holds everything in the list above that is yours, in files that people and programs can read, and can be downloaded for ${PROMISE.export_days} days.`,
      link: { to: "/account#export", label: "Get a copy" },
    },
    {
      name: "Correction",
      law: "GDPR Art. 16; right to correct, CCPA",
      how: "Change your name in your account. The e-mail address comes from Google: change it there, and it changes here when you next sign in.",
      link: { to: "/account#profile", label: "Correct your name" },
    },
    {
      name: "Deletion",
      law: "GDPR Art. 17; right to delete, CCPA",
      how: `Delete one model, several, or your whole account. An account that is to be deleted can be saved for ${PROMISE.grace_days} days; then everything goes, except what the list above says is kept by law.`,
      link: { to: "/account#delete", label: "Delete your account" },
    },
    {
      name: "Portability: take it elsewhere",
      law: "GDPR Art. 20",
      how: "The copy is a ZIP file: JSON with a described structure, your photos as you sent them, and your models as GLB, which every 3D program opens.",
      link: { to: "/account#export", label: "Get a copy" },
    },
    {
      name: "Objection",
      law: "GDPR Art. 21",
      how: "Usage is analysed only if you switched it on; switch it off, or let your browser send Global Privacy Control. To object to what we hold for the safety of the service, write to us.",
      link: { to: "/account#choices", label: "Your choices" },
    },
    {
      name: "Withdrawal of consent",
      law: "GDPR Art. 7(3)",
      how: "Every choice is a switch, off until you turn it on, and off again with one click. What was done before stays lawful; nothing is done after.",
      link: { to: "/account#choices", label: "Your choices" },
    },
    {
      name: "Restriction",
      law: "GDPR Art. 18",
      how: "If you doubt that something is right or lawful, write to us, and we keep it without using it until that is settled.",
      link: null,
    },
    {
      name: "Opt-out of sale and sharing",
      law: "CCPA",
      how: "We do not sell or share personal data, and have not done so in the last twelve months, so there is nothing to opt out of. Global Privacy Control is honoured all the same: with it, no usage is analysed.",
      link: null,
    },
    {
      name: "No disadvantage",
      law: "CCPA",
      how: "Whoever uses these rights gets the same service at the same price. No decision with legal effect is made about you by a machine alone.",
      link: null,
    },
    {
      name: "Complaint",
      law: "GDPR Art. 77",
      how: "Write to us first, if you like. You can always complain to the data protection authority of the place where you live or work.",
      link: null,
    },
  ],
  cookieList: [
    { name: "__Host-session", purpose: "Keeps you signed in. It holds a signed number of your session and nothing about you.", lasts: "Until you sign out; 30 days at most" },
    { name: "__Host-oauth", purpose: "Protects the sign-in itself, so that nobody can slip you another one.", lasts: "While you sign in; 10 minutes at most" },
  ],
  heads: {
    why: "Why", basis: "On what basis", howLong: "How long", onDeletion: "When you delete your account", inCopy: "In the copy you can download",
    yes: "Yes", no: "No", whatFor: "What for", gets: "What it gets", where: "Where",
  },
};
