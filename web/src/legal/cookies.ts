/** A cookie of this site. */
export interface Cookie {
  readonly name: string;
  readonly purpose: string;
  readonly lasts: string;
}

/** All of them: the browser test sees a whole visit and fails if there is another. */
export const COOKIES: readonly Cookie[] = [
  { name: "__Host-session", purpose: "Keeps you signed in. It holds a signed number of your session and nothing about you.", lasts: "Until you sign out; 30 days at most" },
  { name: "__Host-oauth", purpose: "Protects the sign-in itself, so that nobody can slip you another one.", lasts: "While you sign in; 10 minutes at most" },
];

export const COOKIES_WORDS: readonly string[] = [
  "These two cookies are needed to sign in, so the law asks for no consent and you see no cookie banner. Both are sent only over an encrypted connection (Secure), are out of reach for scripts (HttpOnly), are not sent along when another site asks in the background (SameSite=Lax), and hold for this site alone.",
  "Nothing else is stored in your browser: no local storage, no database, no fingerprint. No other company's script, font or picture is loaded. Google and Stripe set their own cookies only on their own pages, when you sign in or pay.",
];
