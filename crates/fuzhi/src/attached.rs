//! Files that hang beside public notices are looked through here: sheets and texts by batch, PDFs by the companion.

use crate::press::{Companion, Lost};
use attachments::Media;
use serde::Deserialize;
use values::reading::{Reading, Spot, Unread, Unreadable};

/// What `fuzhi-print read` says of a PDF.
#[derive(Deserialize)]
struct Content {
    texts: Vec<Text>,
    unread: Vec<String>,
}

#[derive(Deserialize)]
struct Text {
    page: usize,
    text: String,
}

/// Names the readers. Without the companion a PDF counts as unread, and takes a person who looks through it.
pub fn read_with(companion: Companion) {
    attachments::read_with(Box::new(move |media, bytes| {
        tokio::task::block_in_place(|| match media {
            Media::Paper(_) => pdf(bytes, companion.read(bytes)),
            Media::Csv | Media::Text | Media::Xlsx => batch::texts(bytes),
        })
    }));
}

fn pdf(bytes: &[u8], read: Result<Vec<u8>, Lost>) -> Result<Reading, Unreadable> {
    let said = match read {
        Ok(said) => said,
        // Nobody can look through what a password locks, so no person's words let it pass either.
        Err(Lost::Absent) if is_locked(bytes) => return Err(Unreadable::Encrypted),
        Err(Lost::Absent) => return Err(Unreadable::NoReader),
        Err(Lost::Said { words, .. }) if words == "encrypted" => return Err(Unreadable::Encrypted),
        Err(Lost::Said { .. } | Lost::Broke(_)) => return Err(Unreadable::Broken),
    };
    let content: Content = serde_json::from_slice(&said).map_err(|_| Unreadable::Broken)?;
    let mut reading = Reading {
        // A word of a newer companion that isn't known here still says that something is unread.
        unread: content.unread.iter().map(|code| Unread::from_code(code).unwrap_or(Unread::Rest)).collect(),
        ..Reading::default()
    };
    let mut letters = 0;
    for Text { page, text } in content.texts {
        letters += if page > 0 { text.trim().chars().count() } else { 0 };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            reading.texts.push((if page > 0 { Spot::Page(page) } else { Spot::Beside }, line.to_owned()));
        }
    }
    if letters == 0 && reading.unread.is_empty() {
        // Drawn by lines alone: a page without a letter says nothing that was read.
        reading.unread.push(Unread::Glyphs);
    }
    Ok(reading)
}

/// Whether a PDF names how it is encrypted, which stands in it in clear.
fn is_locked(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|word| word == b"/Encrypt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Result<Reading, Unreadable> {
        pdf(b"%PDF-1.7", Ok(json.as_bytes().to_vec()))
    }

    #[test]
    fn what_cannot_be_read_never_counts_as_read() {
        let lost = |lost| pdf(b"%PDF-1.7", Err(lost)).unwrap_err();
        assert_eq!(lost(Lost::Absent), Unreadable::NoReader);
        assert_eq!(lost(Lost::Said { code: 1, words: "encrypted".into() }), Unreadable::Encrypted);
        assert_eq!(lost(Lost::Said { code: 1, words: "broken".into() }), Unreadable::Broken);
        assert_eq!(lost(Lost::Broke("it took too long".into())), Unreadable::Broken);
        assert_eq!(pdf(b"%PDF-1.7", Ok(b"nonsense".to_vec())), Err(Unreadable::Broken));
        let scanned = said(r#"{"texts":[{"page":1,"text":" "}],"unread":["pictures"]}"#).unwrap();
        assert_eq!((scanned.texts.len(), scanned.unread), (0, vec![Unread::Pictures]));
        assert_eq!(said(r#"{"texts":[{"page":1,"text":""}],"unread":[]}"#).unwrap().unread, [Unread::Glyphs]);
        assert_eq!(said(r#"{"texts":[],"unread":["holograms"]}"#).unwrap().unread, [Unread::Rest]);
    }

    #[test]
    fn what_a_password_locks_stays_out_without_the_companion_too() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/handed-in");
        let said = |name: &str| pdf(&std::fs::read(folder.join(name)).unwrap(), Err(Lost::Absent)).unwrap_err();
        for locked in ["locked-aes256.pdf", "locked-rc4.pdf", "printing-only.pdf"] {
            assert_eq!(said(locked), Unreadable::Encrypted, "{locked}");
        }
        assert_eq!(said("scanned.pdf"), Unreadable::NoReader);
    }

    #[test]
    fn lines_keep_their_page() {
        let read = said(r#"{"texts":[{"page":2,"text":"a\n\nb"},{"page":0,"text":"c"}],"unread":[]}"#).unwrap();
        let spots: Vec<Spot> = read.texts.into_iter().map(|(spot, _)| spot).collect();
        assert_eq!(spots, [Spot::Page(2), Spot::Page(2), Spot::Beside]);
    }
}
