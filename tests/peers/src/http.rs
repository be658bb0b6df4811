//! As much HTTP/1.1 as SDKs and `moto_server` speak: bodies with a length, and connections that stay open.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The lines before a body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Head {
    /// Request line or status line.
    pub(crate) first: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Incoming {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

/// An answer to be sent, or received from a server behind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Without those that say how long the body is and whether the connection stays.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Head {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = Self {
            first: line(from)?,
            headers: Vec::new(),
        };
        if head.first.is_empty() {
            return Ok(None);
        }
        loop {
            let line = line(from)?;
            if line.is_empty() {
                return Ok(Some(head));
            }
            if let Some((name, value)) = line.split_once(':') {
                head.headers
                    .push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    fn body_length(&self) -> io::Result<Option<usize>> {
        self.header("content-length")
            .map(|text| text.parse().map_err(|_| malformed("content-length")))
            .transpose()
    }
}

impl Incoming {
    /// The next request of a connection; `None` where the client has gone.
    pub(crate) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(head) = Head::read(from)? else {
            return Ok(None);
        };
        if head.header("transfer-encoding").is_some() {
            return Err(malformed("a request body without a length"));
        }
        let mut body = vec![0; head.body_length()?.unwrap_or(0)];
        from.read_exact(&mut body)?;
        Ok(Some(Self { head, body }))
    }

    /// The method and the path with its query.
    pub(crate) fn target(&self) -> (&str, &str) {
        let mut words = self.head.first.split(' ');
        (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        )
    }
}

impl Response {
    /// An answer with one header.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// The answer with one more header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The bytes of the answer; the head promises `length` bytes of body, whatever is there.
    pub(crate) fn bytes(&self, length: usize) -> Vec<u8> {
        let mut out = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            out.push_str(&format!("{name}: {value}\r\n"));
        }
        out.push_str(&format!("content-length: {length}\r\n\r\n"));
        let mut out = out.into_bytes();
        out.extend_from_slice(&self.body);
        out
    }

    fn read(from: &mut impl BufRead) -> io::Result<Self> {
        let head = Head::read(from)?.ok_or_else(|| malformed("no answer"))?;
        let status = head
            .first
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok());
        let mut body = Vec::new();
        match head.body_length()? {
            Some(length) => {
                body.resize(length, 0);
                from.read_exact(&mut body)?;
            }
            None => {
                from.read_to_end(&mut body)?;
            }
        }
        let mut headers = head.headers;
        headers.retain(|(name, _)| {
            !matches!(
                name.as_str(),
                "connection" | "content-length" | "keep-alive"
            )
        });
        Ok(Self {
            status: status.ok_or_else(|| malformed("status"))?,
            headers,
            body,
        })
    }
}

/// Sends one request to `address` (`host:port`) on a connection of its own.
///
/// # Errors
///
/// Where the server cannot be reached within seconds, or answers no HTTP.
pub(crate) fn send(
    address: &str,
    first: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut out = format!("{first}\r\n");
    for (name, value) in headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    ));
    let mut out = out.into_bytes();
    out.extend_from_slice(body);
    stream.write_all(&out)?;
    Response::read(&mut BufReader::new(stream))
}

/// Text as forms and queries write it (RFC 3986).
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The pairs of a form.
pub(crate) fn form(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next()) << 4 | hex(rest.next()),
            _ => byte,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digit: Option<u8>) -> u8 {
    match digit {
        Some(digit @ b'0'..=b'9') => digit - b'0',
        Some(digit @ b'a'..=b'f') => digit - b'a' + 10,
        Some(digit @ b'A'..=b'F') => digit - b'A' + 10,
        _ => 0,
    }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("malformed HTTP: {what}"),
    )
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_on_one_connection() {
        let text = b"POST /a HTTP/1.1\r\nContent-Length: 3\r\nX-B: c d\r\n\r\nabcGET /?x=y HTTP/1.1\r\n\r\n";
        let mut from = &text[..];
        let first = Incoming::read(&mut from).unwrap().unwrap();
        assert_eq!(
            (first.target(), first.body.as_slice()),
            (("POST", "/a"), &b"abc"[..])
        );
        assert_eq!(first.head.header("x-b"), Some("c d"));
        assert_eq!(
            Incoming::read(&mut from).unwrap().unwrap().target(),
            ("GET", "/?x=y")
        );
        assert!(Incoming::read(&mut from).unwrap().is_none());
    }

    #[test]
    fn forms() {
        let text = format!("a={}&b=1+2&c", encode("x/+=é"));
        let pairs: Vec<_> = form(&text).collect();
        let expected = [("a", "x/+=é"), ("b", "1 2"), ("c", "")];
        assert_eq!(
            pairs,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}
