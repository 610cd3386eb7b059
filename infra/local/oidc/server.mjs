// A real OpenID Connect provider for the local cloud: authorization code, PKCE, consent, signed id tokens. Never deployed.
import { createHash } from "node:crypto";
import Provider, { interactionPolicy } from "oidc-provider";
import { cookieKeys, signingKeys } from "./keys.mjs";
import { consentPage, errorPage, signInPage } from "./pages.mjs";

const env = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const issuer = env("ISSUER");
const keyFolder = env("KEY_FOLDER");

/** The people of this run: their number, as Google would give it, and the address they typed. */
const people = new Map();

/** Like Google's: a number that stays the same, and says nothing. */
function meet(email) {
  const number = BigInt(`0x${createHash("sha256").update(email).digest("hex").slice(0, 17)}`);
  const id = number.toString().padStart(21, "1");
  people.set(id, email);
  return id;
}

/** `login.name@example.com` is called Login Name. */
const nameOf = (email) =>
  email
    .split("@")[0]
    .split(/[._+-]+/)
    .filter(Boolean)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join(" ");

/** What the provider may say about a person. */
function account(id) {
  const email = people.get(id);
  if (!email) return undefined;
  return { accountId: id, claims: () => ({ sub: id, email, email_verified: true, name: nameOf(email) }) };
}

const prompts = interactionPolicy.base();
// Google accepts prompt=select_account; here it asks for the address again.
prompts.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }));

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: env("CLIENT_ID"),
      client_secret: env("CLIENT_SECRET"),
      redirect_uris: [env("REDIRECT_URI")],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  jwks: { keys: signingKeys(keyFolder) },
  cookies: { keys: cookieKeys(keyFolder) },
  pkce: { required: () => true },
  scopes: ["openid", "email", "profile"],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false, // Google puts the profile into the id token too
  findAccount: (_ctx, id) => account(id),
  features: { devInteractions: { enabled: false } },
  interactions: { policy: prompts, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 3600, Session: 86400, Grant: 86400 },
  renderError: (ctx, out) => {
    ctx.type = "html";
    ctx.body = errorPage(out);
  },
});

const PATH = /^\/interaction\/([A-Za-z0-9_-]+)$/;

provider.use(async (ctx, next) => {
  if (ctx.path === "/healthz") {
    ctx.body = "ok";
    return;
  }
  if (!PATH.test(ctx.path)) {
    await next();
    return;
  }
  ctx.set("Cache-Control", "no-store");
  ctx.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = page(details);
    return;
  }
  if (ctx.method !== "POST") {
    ctx.status = 405;
    return;
  }
  await answer(ctx, details, new URLSearchParams(await body(ctx.req)));
});

/** The page that the provider waits for. */
function page(details) {
  return details.prompt.name === "consent"
    ? consentPage(details.uid, people.get(details.session.accountId) ?? "")
    : signInPage(details.uid, details.params.login_hint ?? "", "");
}

/** Takes the form of either page, or the wish to leave. */
async function answer(ctx, details, form) {
  const finish = (result) => provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
  if (form.get("leave") !== null) {
    ctx.respond = false;
    await finish({ error: "access_denied", error_description: "The sign-in was cancelled." });
    return;
  }
  if (details.prompt.name === "consent") {
    ctx.respond = false;
    await finish({ consent: { grantId: await grant(details) } });
    return;
  }
  const email = (form.get("login") ?? "").trim().toLowerCase();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(email) || !form.get("password")) {
    ctx.status = 422;
    ctx.type = "html";
    ctx.body = signInPage(details.uid, email, "Type an e-mail address and any password.");
    return;
  }
  ctx.respond = false;
  await finish({ login: { accountId: meet(email) }, select_account: {} });
}

/** Writes down what the person agreed to. */
async function grant({ grantId, prompt, params, session }) {
  const known = grantId ? await provider.Grant.find(grantId) : undefined;
  const given = known ?? new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (prompt.details.missingOIDCScope) given.addOIDCScope(prompt.details.missingOIDCScope.join(" "));
  if (prompt.details.missingOIDCClaims) given.addOIDCClaims(prompt.details.missingOIDCClaims);
  return given.save();
}

/** Reads a small form. */
async function body(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 4096) throw new Error("the form is too large");
  }
  return text;
}

const server = provider.listen(Number(env("PORT")), "127.0.0.1");
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
