//! What a paper is, told by its bytes, and what is taken out of it. Pure.

mod jpeg;

/// The largest paper, in bytes.
pub const LARGEST: usize = 6 << 20;

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Jpeg,
    Png,
    Webp,
    Pdf,
}

impl Media {
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf];

    /// The word in the database, and the ending of a file's name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.code() == code)
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// What the bytes begin with decides; a name or a browser's word doesn't.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The same picture without what a camera writes beside it; which way up it is stays. `None` when the bytes only
    /// begin like this.
    #[must_use]
    pub fn cleaned(self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Jpeg => jpeg::cleaned(bytes),
            Self::Png => png(bytes),
            Self::Webp => webp(bytes),
            Self::Pdf => Some(bytes.to_vec()),
        }
    }
}

/// Chunks of a PNG that say how the picture looks; all others go.
const PNG_KEPT: [&[u8; 4]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = bytes.split_at_checked(8)?;
    let mut kept = head.to_vec();
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let chunk = rest.get(..length.checked_add(12)?)?;
        let name = chunk.get(4..8)?;
        if PNG_KEPT.iter().any(|known| known.as_slice() == name) {
            kept.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(kept);
        }
        rest = &rest[chunk.len()..];
    }
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..12)?.to_vec();
    let mut rest = &bytes[12..];
    while !rest.is_empty() {
        let length = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        let chunk = rest.get(..(length.checked_add(length % 2)?.checked_add(8)?).min(rest.len()))?;
        match &chunk[..4] {
            b"EXIF" | b"XMP " => {}
            b"VP8X" => {
                let from = kept.len();
                kept.extend_from_slice(chunk);
                // Bits 2 and 3 would promise what was taken out.
                *kept.get_mut(from + 8)? &= !0b0000_1100;
            }
            _ => kept.extend_from_slice(chunk),
        }
        rest = &rest[chunk.len()..];
    }
    let size = u32::try_from(kept.len() - 8).ok()?;
    kept[4..8].copy_from_slice(&size.to_le_bytes());
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32).to_be_bytes()[..], name, body, &[0; 4]].concat()
    }

    #[test]
    fn a_paper_is_what_its_bytes_say() {
        assert_eq!(Media::of(b"%PDF-1.7"), Some(Media::Pdf));
        assert_eq!(Media::of(b"<html>%PDF-"), None);
        assert_eq!(Media::of(b"MZ\x90"), None);
        assert_eq!(Media::of(b""), None);
    }

    #[test]
    fn a_png_keeps_its_picture_only() {
        let head = b"\x89PNG\r\n\x1a\n".to_vec();
        let whole = [head.clone(), chunk(b"IHDR", &[1; 13]), chunk(b"tEXt", b"GPS 30.1"), chunk(b"IEND", b"")].concat();
        let cleaned = Media::Png.cleaned(&whole).unwrap();
        assert_eq!(cleaned, [head, chunk(b"IHDR", &[1; 13]), chunk(b"IEND", b"")].concat());
        assert_eq!(Media::Png.cleaned(&whole[..whole.len() - 3]), None, "cut off");
    }

    #[test]
    fn a_webp_loses_its_notes() {
        let riff = |chunks: &[u8]| [b"RIFF", &(chunks.len() as u32 + 4).to_le_bytes()[..], b"WEBP", chunks].concat();
        let part = |name: &[u8; 4], body: &[u8]| [name, &(body.len() as u32).to_le_bytes()[..], body].concat();
        let vp8x = |flags| part(b"VP8X", &[flags, 0, 0, 0, 9, 0, 0, 9, 0, 0]);
        let whole = riff(&[vp8x(0b1100), part(b"VP8 ", b"data"), part(b"EXIF", b"GPS!")].concat());
        let cleaned = Media::Webp.cleaned(&whole).unwrap();
        assert_eq!(cleaned, riff(&[vp8x(0), part(b"VP8 ", b"data")].concat()));
    }
}
