//! A JPEG without its notes. Which way up the camera was held is the one note a picture needs.

/// The orientation tag of EXIF.
const ORIENTATION: u16 = 0x0112;

/// Copies the segments that make the picture, and the orientation as the only note.
pub fn cleaned(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut kept, mut rest, mut turned) = (vec![0xff, 0xd8], bytes.get(2..)?, None);
    loop {
        let [0xff, marker, ..] = *rest else { return None };
        if marker == 0xff {
            // Fill bytes may stand before a marker.
            rest = &rest[1..];
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let segment = rest.get(..length.checked_add(2)?).filter(|_| length >= 2)?;
        match marker {
            0xda => break,
            0xe1 => turned = turned.or_else(|| orientation(segment.get(4..)?)),
            // JFIF, colour profile and Adobe's colours stay; every other note goes, comments too.
            0xe0 | 0xe2 | 0xee => kept.extend_from_slice(segment),
            0xe3..=0xef | 0xfe => {}
            _ => kept.extend_from_slice(segment),
        }
        rest = &rest[segment.len()..];
    }
    if let Some(turned) = turned {
        kept.splice(2..2, exif(turned));
    }
    // What a phone hangs behind the end of the picture goes as well.
    let end = rest.windows(2).rposition(|pair| pair == [0xff, 0xd9])?;
    kept.extend_from_slice(&rest[..end + 2]);
    Some(kept)
}

/// The orientation (1 to 8) that an EXIF block names.
fn orientation(exif: &[u8]) -> Option<u16> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let big = match tiff.get(..2)? {
        b"MM" => true,
        b"II" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let two = [*tiff.get(at)?, *tiff.get(at.checked_add(1)?)?];
        Some(if big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    };
    let (high, low) = if big { (4, 6) } else { (6, 4) };
    let first = usize::from(short(high)?) << 16 | usize::from(short(low)?);
    let entries = usize::from(short(first)?);
    let places = (0..entries.min(200)).map(|entry| first + 2 + entry * 12);
    let found = places.into_iter().find(|at| short(*at) == Some(ORIENTATION))?;
    short(found + 8).filter(|turned| (1..=8).contains(turned))
}

/// An EXIF block that says the orientation and nothing else.
fn exif(turned: u16) -> Vec<u8> {
    let mut block = vec![0xff, 0xe1, 0, 34];
    block.extend_from_slice(b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
    block.extend_from_slice(&turned.to_be_bytes());
    block.extend_from_slice(&[0; 6]);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat()
    }

    fn picture(notes: &[Vec<u8>]) -> Vec<u8> {
        let scan = [segment(0xda, &[1, 2, 3]), vec![7, 8, 9, 0xff, 0xd9]].concat();
        [vec![0xff, 0xd8], notes.concat(), segment(0xdb, &[0; 5]), scan].concat()
    }

    #[test]
    fn place_and_device_go_and_the_right_way_up_stays() {
        let tiff = b"II\x2a\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0GPS!";
        let exif_of_phone = segment(0xe1, &[b"Exif\0\0", &tiff[..]].concat());
        let noted = picture(&[segment(0xe0, b"JFIF\0"), exif_of_phone, segment(0xfe, b"phone")]);
        let cleaned = cleaned(&[noted, b"trailing".to_vec()].concat()).unwrap();
        assert_eq!(cleaned, picture(&[exif(6), segment(0xe0, b"JFIF\0")]));
        assert_eq!(orientation(&exif(6)[4..]), Some(6));
    }

    #[test]
    fn what_only_begins_like_a_picture_is_none() {
        assert_eq!(cleaned(&[0xff, 0xd8, 0xff]), None);
        assert_eq!(cleaned(&[0xff, 0xd8, 0xff, 0xe0, 0, 1]), None);
        assert_eq!(cleaned(b"\xff\xd8\xff<script>"), None);
    }
}
