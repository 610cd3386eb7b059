//! `GET /api/shares/{secret}…`: what everybody with the link sees. No session, no owner, nothing else of theirs.

use crate::App;
use api::Problem;
use api::share::SharedModel;
use cloud::keys;
use domain::generation::Generation;
use domain::{limits, plan};
use edge::Answer;
use lambda_http::Request;

/// What may be had of a shared model; not the photo, and not the report, which says more than a visitor needs.
const FILES: [&str; 3] = ["model.glb", "preview.webp", "turntable.webp"];

pub(crate) async fn shared(app: &App, request: &Request) -> Result<Answer, Problem> {
    let (_, generation) = open(app, request).await?;
    Answer::json(200, &SharedModel::from(&generation))
}

pub(crate) async fn file(app: &App, request: &Request) -> Result<Answer, Problem> {
    let (_, generation) = open(app, request).await?;
    let name = edge::path(request, "file");
    let name = FILES.into_iter().find(|file| *file == name).ok_or_else(Problem::not_found)?;
    let key = keys::result(&generation.user, &generation.id, name);
    let saved_as = (name == "model.glb").then_some("model.glb");
    let link = app.models.link(&key, plan::DOWNLOAD_LINK_S, saved_as).await.map_err(edge::cloud)?;
    // No cache: a link that was ended must lead nowhere from that moment on.
    Ok(Answer::to(302, link))
}

/// A page for programs that draw previews of links. They follow no script, and people are sent on at once.
pub(crate) async fn page(app: &App, request: &Request) -> Result<Answer, Problem> {
    let (secret, generation) = open(app, request).await?;
    let body = html(&app.door.site_origin, &secret, generation.title.as_deref().unwrap_or("A 3D model"));
    Ok(Answer::html(200, body)
        .with(
            "content-security-policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        .with("x-content-type-options", "nosniff")
        .with("referrer-policy", "no-referrer"))
}

async fn open(app: &App, request: &Request) -> Result<(String, Generation), Problem> {
    app.door.limit(request, limits::SHARED, None).await?;
    let secret = edge::path(request, "secret");
    let found = app.door.table.shared(secret).await.map_err(edge::cloud)?;
    Ok((secret.to_owned(), found.ok_or_else(Problem::not_found)?))
}

/// `secret` opened a model, so it is one of ours and needs no escaping; the title is a person's own text.
fn html(origin: &str, secret: &str, title: &str) -> String {
    let title = escaped(title);
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="robots" content="noindex">
<meta property="og:type" content="website"><meta property="og:site_name" content="ImageTo3D">
<meta property="og:title" content="{title}"><meta property="og:description" content="A 3D model made from one photo.">
<meta property="og:url" content="{origin}/s/{secret}">
<meta property="og:image" content="{origin}/api/shares/{secret}/files/preview.webp"><meta property="og:image:type" content="image/webp">
<meta name="twitter:card" content="summary_large_image">
<meta http-equiv="refresh" content="0;url=/s/{secret}"></head>
<body><p><a href="/s/{secret}">{title}</a></p></body></html>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn a_title_cannot_leave_its_place() {
        let page = html("https://site.example", "00ff", "\"><script>alert('x')</script>&");
        assert!(!page.contains("<script"), "{page}");
        assert!(
            page.contains(r#"og:title" content="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">"#),
            "{page}"
        );
        assert!(page.contains(r#"content="0;url=/s/00ff""#), "{page}");
    }
}
