use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use kernel::totp;
use std::collections::BTreeMap;
use tower::ServiceExt;

/// A browser without script: keeps cookies, follows redirects, fills in forms.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// Sent with every request, such as `accept: application/json`.
    pub headers: Vec<(&'static str, String)>,
}

/// What came back, after redirects.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Where it ended up.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Visitor {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// Asks for a page that leads to another program; gives the address it leads to.
    pub async fn leaves(&mut self, path: &str) -> String {
        let away = self.send("GET", path, None).await;
        assert!(away.path.starts_with("http"), "{path} leads to {}: {}", away.path, away.text());
        away.path
    }

    /// Sends these fields as they are, with the CSRF token of this visit.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get("/").await;
        let token = page.fields().remove("csrf").unwrap_or_default();
        let mut fields = fields.to_vec();
        fields.push(("csrf", &token));
        self.post_raw(path, &fields).await
    }

    /// Sends these fields and nothing else: a forged form.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<_> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.send("POST", path, Some((kind, pairs.join("&").into_bytes()))).await
    }

    /// Hands in a file by the form field of that name, with other fields and the CSRF token of this visit.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], (name, file): (&str, &[u8])) -> Answer {
        self.upload_named(path, fields, (name, "file", file)).await
    }

    /// As [`upload`](Self::upload), under a name of its own: field, name, content.
    pub async fn upload_named(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (name, called, file): (&str, &str, &[u8]),
    ) -> Answer {
        const EDGE: &str = "edge-of-a-part";
        let page = self.get("/").await;
        let token = page.fields().remove("csrf").unwrap_or_default();
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            body.extend(
                format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!("content-disposition: form-data; name=\"{name}\"; filename=\"{called}\"");
        body.extend(format!("--{EDGE}\r\n{head}\r\ncontent-type: application/octet-stream\r\n\r\n").bytes());
        body.extend_from_slice(file);
        body.extend(format!("\r\n--{EDGE}--\r\n").bytes());
        self.send("POST", path, Some((format!("multipart/form-data; boundary={EDGE}"), body))).await
    }

    /// Sends JSON, as a machine does.
    pub async fn post_json(&mut self, path: &str, body: &str) -> Answer {
        self.send("POST", path, Some(("application/json".to_owned(), body.as_bytes().to_vec()))).await
    }

    /// Fills in the form of a page that is sent to `action`, leaving hidden and filled fields as they are.
    pub async fn submit(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let text = page.text();
        let form = text.split("<form").skip(1).find(|form| form.contains(&format!("action=\"{action}\"")));
        let form = form.unwrap_or_else(|| panic!("no form for {action} on {}:\n{text}", page.path));
        let form = form.split("</form>").next().unwrap_or(form);
        let mut values = inputs(form);
        for (name, value) in fields {
            values.insert((*name).to_owned(), (*value).to_owned());
        }
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post_raw(action, &values).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Option<(String, Vec<u8>)>) -> Answer {
        let (mut method, mut path, mut body) = (method.to_owned(), path.to_owned(), body);
        for _ in 0..10 {
            let mut request = Request::builder().method(method.as_str()).uri(&path).header(header::HOST, "localhost");
            for (name, value) in &self.headers {
                request = request.header(*name, value);
            }
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
            if let Some((kind, _)) = &body {
                request = request.header(header::CONTENT_TYPE, kind);
            }
            let bytes = body.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
            let request = request.body(Body::from(bytes)).unwrap_or_else(|cause| panic!("{path:?}: {cause}"));
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, stream) = response.into_parts();
            self.take_cookies(&parts.headers);
            if let (true, Some(to)) = (parts.status.is_redirection(), parts.headers.get(header::LOCATION)) {
                if to.as_bytes().starts_with(b"http") {
                    let path = to.to_str().unwrap().to_owned();
                    return Answer { status: parts.status.as_u16(), path, headers: parts.headers, body: Vec::new() };
                }
                (method, path, body) = ("GET".to_owned(), to.to_str().unwrap().to_owned(), None);
                continue;
            }
            let body = to_bytes(stream, usize::MAX).await.unwrap().to_vec();
            return Answer { status: parts.status.as_u16(), path, headers: parts.headers, body };
        }
        panic!("{path} redirects without end");
    }

    fn take_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Speaks this language from now on: `zh` or `en`.
    pub fn speak(&mut self, language: &str) {
        self.cookies.insert("language".to_owned(), language.to_owned());
    }

    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }
}

impl Answer {
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[must_use]
    pub fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// Asserts that the page is fine and shows all these texts.
    pub fn expect(&self, texts: &[&str]) -> &Self {
        assert_eq!(self.status, 200, "{} answers {}: {}", self.path, self.status, self.text());
        for text in texts {
            assert!(self.shows(text), "{} doesn't show {text:?}:\n{}", self.path, self.text());
        }
        self
    }

    /// The secret of an app for codes, where the page shows one.
    #[must_use]
    pub fn secret(&self) -> Option<Vec<u8>> {
        let text = self.text();
        totp::from_base32(text.split("data-secret>").nth(1)?.split('<').next()?)
    }

    /// The named fields of all forms, with the values they hold; the first of a name wins.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<String, String> {
        inputs(&self.text())
    }

    /// The addresses of all links.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        let text = self.text();
        text.split("href=\"").skip(1).filter_map(|rest| Some(plain(rest.split_once('"')?.0))).collect()
    }
}

fn inputs(html: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for tag in html.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap_or(tag);
        let unchecked =
            matches!(attribute(tag, "type").as_deref(), Some("checkbox" | "radio")) && !tag.contains("checked");
        if let (Some(name), false) = (attribute(tag, "name"), unchecked) {
            found.entry(name).or_insert_with(|| attribute(tag, "value").unwrap_or_default());
        }
    }
    found
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(plain(value.split_once('"')?.0))
}

fn plain(text: &str) -> String {
    let named = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    named.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&").replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
