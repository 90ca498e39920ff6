//! A request in its parts, so that one part can be changed and the rest stays right.

use super::text;

/// A request of HTTP/1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: Vec<u8>,
    pub(crate) target: Vec<u8>,
    pub(crate) version: Vec<u8>,
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads a request as the corpus writes it: the first line without a version, headers, an empty line, the body.
    ///
    /// What every request needs and none is about is added: the host, and the wish to close.
    pub(crate) fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines().map(text::bytes);
        let first = lines.next().unwrap_or_default();
        let mut words = first.split(|byte| *byte == b' ').map(<[u8]>::to_vec);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let version = words.next().unwrap_or(b"HTTP/1.1".to_vec());
        let headers = lines.map(|line| {
            let colon = find(&line, b": ").unwrap_or_else(|| panic!("no header: {}", text::of(&line)));
            (line[..colon].to_vec(), line[colon + 2..].to_vec())
        });
        let mut request = Self { method, target, version, headers: headers.collect(), body: text::bytes(body) };
        for (name, value) in [("host", "127.0.0.1"), ("connection", "close")] {
            if request.header(name).is_none() {
                request.headers.push((name.into(), value.into()));
            }
        }
        request
    }

    /// The value of the first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        found.map(|(_, value)| value.as_slice())
    }

    /// Puts a header in the place of the one of the same name.
    pub(crate) fn set(&mut self, name: &str, value: &[u8]) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name.as_bytes()));
        self.headers.push((name.into(), value.to_vec()));
    }

    /// What goes over the line. The length of the body is told, unless a header says something of it already.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = [&self.method, &b" "[..], &self.target, b" ", &self.version, b"\r\n"].concat();
        for (name, value) in &self.headers {
            bytes.extend([name, &b": "[..], value, b"\r\n"].concat());
        }
        let is_told = self.header("content-length").or(self.header("transfer-encoding")).is_some();
        let has_none = self.body.is_empty() && self.method == b"GET";
        if !is_told && !has_none {
            bytes.extend(format!("content-length: {}\r\n", self.body.len()).into_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }

    /// The route of [`relay::ROUTES`] that it asks for.
    pub(crate) fn route(&self) -> Option<(&'static str, &'static str)> {
        let path = self.target.split(|byte| *byte == b'?').next().unwrap_or_default();
        let asks = |path: &[u8], template: &str| {
            let (mut here, mut there) = (path.split(|byte| *byte == b'/'), template.split('/'));
            loop {
                match (here.next(), there.next()) {
                    (None, None) => return true,
                    (Some(_), Some(any)) if any.starts_with('{') => {}
                    (Some(one), Some(other)) if one == other.as_bytes() => {}
                    _ => return false,
                }
            }
        };
        let mut routes = relay::ROUTES.iter().map(|(method, path, _)| (*method, *path));
        routes.find(|(method, template)| method.as_bytes() == self.method && asks(path, template))
    }
}

/// Where something begins first.
pub(crate) fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

#[test]
fn a_request_of_the_corpus_becomes_what_goes_over_the_line() {
    let request = Request::read("PUT /v1/me/settings?a=1\ncookie: x\n\n{\\x00\n}\n");
    let said = b"PUT /v1/me/settings?a=1 HTTP/1.1\r\ncookie: x\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: 3\r\n\r\n{\x00}";
    assert_eq!(request.bytes(), said);
    assert_eq!(request.route(), Some(("PUT", "/v1/me/settings")));
    assert_eq!(Request::read("GET /widget/{key}.js").route(), Some(("GET", "/widget/{file}")));
    assert_eq!(Request::read("GET /nothing").route(), None);
}
