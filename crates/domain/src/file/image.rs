//! Pictures, known by their first bytes.

/// What the first bytes of a picture show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub media_type: &'static str,
    /// How wide and how high it is as it is shown, in pixels, if the bytes tell.
    pub size: Option<(u32, u32)>,
}

/// Looks at the first bytes of a file; nothing if it is no picture that browsers show. Any bytes will do, also too few.
#[must_use]
pub fn look(head: &[u8]) -> Option<Seen> {
    let seen =
        |media_type, size: Option<(u32, u32)>| Some(Seen { media_type, size: size.filter(|(w, h)| *w > 0 && *h > 0) });
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return seen("image/png", png(head));
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return seen("image/jpeg", jpeg(head));
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return seen("image/gif", Some((little(head, 6, 2)?, little(head, 8, 2)?)));
    }
    if head.starts_with(b"RIFF") && at(head, 8, 4) == Some(b"WEBP") {
        return seen("image/webp", webp(head));
    }
    let is_avif = at(head, 4, 4) == Some(b"ftyp") && matches!(at(head, 8, 4), Some(b"avif" | b"avis"));
    if is_avif { seen("image/avif", None) } else { None }
}

fn at(head: &[u8], from: usize, n: usize) -> Option<&[u8]> {
    head.get(from..from.checked_add(n)?)
}

/// A number whose first byte counts most.
fn big(head: &[u8], from: usize, n: usize) -> Option<u32> {
    Some(at(head, from, n)?.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// A number whose last byte counts most.
fn little(head: &[u8], from: usize, n: usize) -> Option<u32> {
    Some(at(head, from, n)?.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn png(head: &[u8]) -> Option<(u32, u32)> {
    if at(head, 12, 4)? != b"IHDR" {
        return None;
    }
    Some((big(head, 16, 4)?, big(head, 20, 4)?))
}

fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match at(head, 12, 4)? {
        b"VP8 " if at(head, 23, 3)? == b"\x9d\x01\x2a" => {
            Some((little(head, 26, 2)? & 0x3fff, little(head, 28, 2)? & 0x3fff))
        }
        b"VP8L" if at(head, 20, 1)? == b"\x2f" => {
            let bits = little(head, 21, 4)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(head, 24, 3)? + 1, little(head, 27, 3)? + 1)),
        _ => None,
    }
}

/// Walks the segments up to the one that holds the size. A photograph that lies on its side says so in an earlier one.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let (mut from, mut is_turned) = (2, false);
    loop {
        let marker = at(head, from, 2)?;
        if marker[0] != 0xff {
            return None;
        }
        let kind = marker[1];
        match kind {
            // Fill bytes, and markers that stand alone.
            0xff => {
                from += 1;
                continue;
            }
            0x01 | 0xd0..=0xd8 => {
                from += 2;
                continue;
            }
            // The picture itself, or its end.
            0xd9 | 0xda => return None,
            _ => {}
        }
        let length = usize::try_from(big(head, from + 2, 2)?).ok().filter(|length| *length >= 2)?;
        match kind {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let (height, width) = (big(head, from + 5, 2)?, big(head, from + 7, 2)?);
                return Some(if is_turned { (height, width) } else { (width, height) });
            }
            0xe1 => {
                let exif = at(head, from + 4, length - 2);
                is_turned |= exif.and_then(orientation).is_some_and(|turn| (5..=8).contains(&turn));
            }
            _ => {}
        }
        from += 2 + length;
    }
}

/// How a photograph is to be turned, by its Exif data.
fn orientation(exif: &[u8]) -> Option<u32> {
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let number = match at(tiff, 0, 2)? {
        b"II" => little,
        b"MM" => big,
        _ => return None,
    };
    let directory = usize::try_from(number(tiff, 4, 4)?).ok()?;
    let n_entries = usize::try_from(number(tiff, directory, 2)?).ok()?;
    for n in 0..n_entries {
        let entry = directory.checked_add(2 + 12 * n)?;
        if number(tiff, entry, 2)? == 0x0112 {
            return number(tiff, entry.checked_add(8)?, 2);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn size(head: &[u8]) -> Option<(&'static str, Option<(u32, u32)>)> {
        look(head).map(|seen| (seen.media_type, seen.size))
    }

    /// A JPEG of 3 by 2 with segments before its size.
    fn jpeg_with(segments: &[u8]) -> Vec<u8> {
        [b"\xff\xd8", segments, b"\xff\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"].concat()
    }

    #[test]
    fn pictures_are_known_with_their_size() {
        // F3
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\0\x02\x08\x06\0\0\0";
        assert_eq!(size(png), Some(("image/png", Some((256, 2)))));
        assert_eq!(size(b"GIF89a\x02\x01\x01\x00"), Some(("image/gif", Some((258, 1)))));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x05\x00\x07\x40";
        assert_eq!(size(lossy), Some(("image/webp", Some((5, 7)))));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x04\x80\x01\x00";
        assert_eq!(size(lossless), Some(("image/webp", Some((5, 7)))));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x04\0\0\x06\0\0";
        assert_eq!(size(extended), Some(("image/webp", Some((5, 7)))));
        assert_eq!(size(b"\0\0\0\x1cftypavif\0\0"), Some(("image/avif", None)));
        assert_eq!(size(&jpeg_with(b"\xff\xe0\x00\x04ab")), Some(("image/jpeg", Some((3, 2)))));
        assert_eq!(size(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), None);
        assert_eq!(size(b"\x89PNG\r\n\x1a\n"), Some(("image/png", None)), "too short to tell");
    }

    #[test]
    fn a_photograph_on_its_side_is_as_high_as_it_is_shown() {
        let exif = |order: &[u8], entry: &[u8]| {
            let tiff = [order, entry].concat();
            let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
            jpeg_with(&[b"\xff\xe1", &length[..], b"Exif\0\0", &tiff].concat())
        };
        let little = exif(b"II\x2a\0\x08\0\0\0", b"\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        assert_eq!(size(&little), Some(("image/jpeg", Some((2, 3)))));
        let big = exif(b"MM\0\x2a\0\0\0\x08", b"\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0");
        assert_eq!(size(&big), Some(("image/jpeg", Some((2, 3)))));
        let upright = exif(b"MM\0\x2a\0\0\0\x08", b"\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0");
        assert_eq!(size(&upright), Some(("image/jpeg", Some((3, 2)))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_harm(begins in 0_usize..6, rest in prop::collection::vec(any::<u8>(), 0..90)) {
            let begin: [&[u8]; 6] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"\xff\xd8\xff\xe1\x00\x20Exif\0\0II"];
            let seen = look(&[begin[begins], &rest].concat());
            prop_assert!(seen.and_then(|seen| seen.size).is_none_or(|(width, height)| width > 0 && height > 0));
        }
    }
}
