// The three pages of the local sign-in, plain HTML.

const escape = (text) =>
  String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const frame = (inner) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local sign-in (development)</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 24rem; margin: 12vh auto; padding: 0 1rem; color: #1b1b1f; background: #fbfbfd }
  h1 { font-size: 1.4rem } label { display: block; margin: 1rem 0 .25rem }
  input { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; border: 1px solid #767680; border-radius: .4rem }
  button { margin: 1.25rem .5rem 0 0; padding: .6rem 1.2rem; font: inherit; border-radius: .4rem; border: 1px solid #2f4bd8; background: #2f4bd8; color: #fff }
  button.quiet { background: transparent; color: #2f4bd8 } .wrong { color: #b3261e } small { color: #55555e }
</style>
</head>
<body><main>
<h1>Local sign-in (development)</h1>
${inner}
<p><small>This page stands in for Google on your own machine. No real account is involved.</small></p>
</main></body>
</html>`;

/** Asks who it is; any password will do. */
export const signInPage = (uid, email, wrong) =>
  frame(`<form method="post" action="/interaction/${escape(uid)}">
${wrong ? `<p class="wrong" role="alert">${escape(wrong)}</p>` : ""}
<label for="login">E-mail</label>
<input id="login" name="login" type="email" autocomplete="username" required autofocus value="${escape(email)}">
<label for="password">Password (anything)</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
<button type="submit" name="leave" value="1" class="quiet" formnovalidate>Cancel</button>
</form>`);

/** Asks whether ImageTo3D may see the name and the address. */
export const consentPage = (uid, email) =>
  frame(`<form method="post" action="/interaction/${escape(uid)}">
<p>ImageTo3D would like to see the name and the e-mail address of <strong>${escape(email)}</strong>.</p>
<button type="submit">Continue</button>
<button type="submit" name="leave" value="1" class="quiet">Cancel</button>
</form>`);

/** Says what went wrong, in the provider's own words. */
export const errorPage = (out) =>
  frame(`<p class="wrong" role="alert">${escape(out.error)}: ${escape(out.error_description ?? "")}</p>`);
