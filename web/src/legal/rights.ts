import { PROMISE } from "./promise";

/** A right over one's own data, and where it is one click away. */
export interface Right {
  readonly name: string;
  readonly law: string;
  readonly how: string;
  /** The place where it is done, if it is done on this site. */
  readonly link: { readonly to: string; readonly label: string } | null;
}

export const RIGHTS: readonly Right[] = [
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
];
