//! Pages compressed on the wire by an encoder that each thread keeps: making one for every page takes as long as using it.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use flate2::{Compress, Compression, FlushCompress, Status};
use std::cell::RefCell;

/// How hard pages are compressed: a page is asked for once, so the time counts more than the last bytes.
const LEVEL: u32 = 3;
/// A shorter body goes into one packet either way.
const LEAST: u64 = 256;
/// The usual window of gzip.
const WINDOW: u8 = 15;

thread_local! {
    static ENCODER: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::new(LEVEL), WINDOW));
}

/// Compresses what is text and as a whole at hand, where the asker says it may.
pub async fn compress(request: Request, next: Next) -> Response {
    let wanted = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    if !is_text(response.headers()) {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let worth_it = response.body().size_hint().exact().is_some_and(|length| length >= LEAST);
    if !wanted || !worth_it || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // A body at hand as a whole can't fail to come.
    let plain = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Some(small) = encoded(&plain) else { return Response::from_parts(parts, Body::from(plain)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(small))
}

fn encoded(plain: &[u8]) -> Option<Vec<u8>> {
    ENCODER.with_borrow_mut(|encoder| {
        encoder.reset();
        let mut small = Vec::with_capacity(plain.len() / 3 + 64);
        loop {
            let rest = plain.get(encoder.total_in() as usize..)?;
            match encoder.compress_vec(rest, &mut small, FlushCompress::Finish).ok()? {
                Status::StreamEnd => return Some(small),
                Status::Ok | Status::BufError => small.reserve(small.capacity().max(64)),
            }
        }
    })
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let asked = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    asked.flat_map(|list| list.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml") || kind.ends_with("javascript")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn one_encoder_gives_every_page_whole() {
        let long: String = (0..40_000).map(|n| format!("{n} 户 ")).collect();
        for page in ["", "短", &"<td>1</td>".repeat(5_000), &long, "短"] {
            let small = encoded(page.as_bytes()).unwrap();
            let mut back = String::new();
            GzDecoder::new(&small[..]).read_to_string(&mut back).unwrap();
            assert_eq!(back, page);
        }
    }

    #[test]
    fn who_takes_gzip_says_so() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(takes("gzip, deflate, br") && takes("br;q=1.0, GZIP;q=0.5"));
        assert!(!takes("br, deflate") && !takes("gzip;q=0") && !takes_gzip(&HeaderMap::new()));
    }
}
