//! When a certificate begins and ends, read from its PEM: two times and the
//! serial number, no more of X.509.
//!
//! Source: RFC 5280, section 4.1.

use cachewarden_model::{Authority, Timestamp};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// The certificates of a text in PEM; none if one of them cannot be read, or
/// there is none.
pub(super) fn of_pem(text: &str) -> Option<Vec<Authority>> {
    let mut found = vec![];
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        found.push(of_der(&certificate.ok()?)?);
    }
    (!found.is_empty()).then_some(found)
}

fn of_der(bytes: &[u8]) -> Option<Authority> {
    let (certificate, _) = element(bytes, SEQUENCE)?;
    let (mut rest, _) = element(certificate, SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        (_, rest) = element(rest, VERSION)?;
    }
    let (serial, rest) = element(rest, INTEGER)?;
    // The algorithm, and who signed.
    let (_, rest) = element(rest, SEQUENCE)?;
    let (_, rest) = element(rest, SEQUENCE)?;
    let (validity, _) = element(rest, SEQUENCE)?;
    let (begins, rest) = time(validity)?;
    let (expires, _) = time(rest)?;
    Some(Authority {
        expires,
        begins: Some(begins),
        serial: Some(serial.iter().map(|it| format!("{it:02x}")).collect()),
    })
}

/// The content and the rest of an element that must have this tag.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = any(bytes)?;
    (found == tag).then_some((content, rest))
}

fn any(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, mut rest) = rest.split_first()?;
    let length = if *first < 0x80 {
        usize::from(*first)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (digits, after) = rest.split_at_checked(count)?;
        rest = after;
        digits
            .iter()
            .fold(0, |sum, it| (sum << 8) | usize::from(*it))
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
fn time(bytes: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (tag, content, rest) = any(bytes)?;
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let (year, text) = match tag {
        UTC_TIME => {
            let (year, text) = text.split_at_checked(2)?;
            let short: u16 = year.parse().ok()?;
            // RFC 5280, section 4.1.2.5.1: 50 to 99 are of the last century.
            (short + if short < 50 { 2000 } else { 1900 }, text)
        }
        GENERALIZED_TIME => {
            let (year, text) = text.split_at_checked(4)?;
            (year.parse().ok()?, text)
        }
        _ => return None,
    };
    let part = |from: usize| text.get(from..from + 2);
    let (month, day, hour) = (part(0)?, part(2)?, part(4)?);
    let (minute, second) = (part(6)?, part(8)?);
    let text = format!("{year:04}-{month}-{day}T{hour}:{minute}:{second}Z");
    Some((text.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made for these tests; its key was thrown away.
    const PEM: &str = include_str!("../../tests/fixtures/authority.pem");

    #[test]
    fn the_times_of_a_certificate() {
        let found = of_pem(PEM).unwrap();
        let [authority] = found.as_slice() else {
            panic!("{found:?}");
        };
        let begins = authority.begins.unwrap();
        assert_eq!(begins.to_string(), "2025-03-01T00:00:00Z");
        assert_eq!(authority.expires.to_string(), "2035-02-27T00:00:00Z");
        assert_eq!(authority.serial.as_deref(), Some("1234"));
        assert_eq!(of_pem(&PEM.repeat(3)).unwrap().len(), 3);
    }

    #[test]
    fn what_is_cut_off_is_not_read() {
        assert_eq!(of_pem(""), None);
        let tiny = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
        assert_eq!(of_pem(tiny), None);
        let whole = CertificateDer::from_pem_slice(PEM.as_bytes()).unwrap();
        assert!(of_der(&whole).is_some());
        for length in 0..60 {
            assert_eq!(of_der(&whole[..length]), None, "{length}");
        }
    }
}
